/** Defaults of every limit; platform/config.ts lets the environment change them. Times in ms unless the name says else. */
export const TEST_CAPS = { outputTokens: 1000, inputTokens: 8000, seconds: 60, iterations: 5 } as const;
export const FULL_MAX_SECONDS = 600;
export const FULL_CAPS = { outputTokens: 200_000, inputTokens: 2_000_000, iterations: 100 } as const;

/** A passing Test opens a Full run for so long. */
export const EVIDENCE_MAX_AGE_HOURS = 24;

export const CALL_TIMEOUT_MS = 60_000;
export const KEY_TEST_TIMEOUT_MS = 10_000;
export const PING_TIMEOUT_MS = 5_000;
export const HEARTBEAT_TIMEOUT_MS = 10_000;
/** Tries that Temporal allows an activity: it counts those that a stopped or killed worker cut as well, so this must be more than a day of
 * bad luck brings. An error class ends earlier by the error table (activities/failures.ts), a stage by its clock. */
export const POLICY_ATTEMPTS = 100;

/** A payload above this goes to artifact storage by reference before Temporal sees it. */
export const MAX_PAYLOAD_BYTES = 200_000;
/** The most that one value between workflow and activities may have, stored by reference. */
export const MAX_STORED_PAYLOAD_BYTES = 64 * 1024 * 1024;
/** Final step text kept inline in an event; longer texts keep head and tail and point at the artifact. */
export const MAX_EVENT_TEXT_BYTES = 65_536;
export const TEXT_DELTA_BATCH_MS = 100;
export const MAX_REPAIR_TURNS = 2;

/** How long a run waits for a bigger budget, for a provider that is away, for a person (seconds). */
export const BUDGET_WAIT_SECONDS = 3600;
export const OUTAGE_WAIT_SECONDS = 600;
export const APPROVAL_WAIT_SECONDS = 7 * 24 * 3600;
/** Whoever asks for an approval can remind of it this often. */
export const REMIND_AGAIN_MS = 15 * 60_000;
/** People are reminded once this part of the time is over. */
export const REMIND_AFTER = 0.5;
/** What people are shown when they decide, as JSON. */
export const MAX_SHOWN_BYTES = 32_768;

/** The breaker of a provider opens after this many availability failures in a row within the window; the first probe comes
 * after BREAKER_OPEN_MS, each further one after twice the time, up to the maximum. */
export const BREAKER_FAILURES = 5;
export const BREAKER_WINDOW_MS = 60_000;
export const BREAKER_OPEN_MS = 15_000;
export const BREAKER_OPEN_MAX_MS = 240_000;

export const LIST_LIMIT_DEFAULT = 50;
export const LIST_LIMIT_MAX = 200;
export const MAX_BODY_BYTES = 262_144;
/** Payloads of a history that Temporal Web wants decoded at once: Temporal's own limit of one answer, in base64. */
export const CODEC_BODY_BYTES = 6_000_000;
export const MAX_INPUT_FIELDS = 50;
export const MAX_TEXT_LENGTH = 10_000;

/** Things of one person that nothing else bounds. */
export const MAX_TOKENS = 100;
export const MAX_OWN_WORKFLOWS = 500;
export const MAX_OWN_VERSIONS = 1_000;
export const MAX_UPLOADS = 5_000;

/** One uploaded file, and all that one person keeps (bytes). */
export const UPLOAD_MAX_BYTES = 100 * 1024 * 1024;
export const UPLOAD_QUOTA_BYTES = 2 * 1024 * 1024 * 1024;
