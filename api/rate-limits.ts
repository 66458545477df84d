import ipaddr from 'ipaddr.js';
import type { Pool } from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Response } from 'express';
import type { Config } from '#platform/config';
import { CodedError } from '#platform/coded-error';
import { sha256Hex } from '#platform/ids';
import { createTurns } from './turns.ts';

/** Our own limits, counted in PostgreSQL so that all API processes share them. While the database is away writes fail
 * anyway; the limiter then says so instead of letting everything through. */
export interface RateLimits {
  /** @throws CodedError RateLimited with Retry-After; sets the RateLimit headers either way */
  runStart(res: Response, userId: string): Promise<void>;
  secretWrite(res: Response, userId: string, provider: string): Promise<void>;
  /** counts whatever else of a person's requests leaves a row in the audit log */
  change(res: Response, userId: string): Promise<void>;
  /** counts messages that a person has sent by hand */
  webhookSend(res: Response, userId: string): Promise<void>;
  /** counts a refused sign-in of an address (IPv6: of its /64, which one household has) */
  signInFailure(address: string): Promise<void>;
  signInAllowed(address: string): Promise<void>;
  /** Waits until few of this network are looked at, and asks then whether it still may: a thousand sign-ins at the same moment, each of
   * another account, would otherwise all be looked at before the first refusal is counted. @returns what gives the turn back */
  signInTurn(address: string): Promise<() => void>;
  /** Counts a try at the password of an account, whether or not there is such an account, before it is looked at: of a thousand at the
   * same moment no more are looked at than of a thousand in a row. From one network few; from everywhere together more, so that
   * nobody is locked out by a stranger's guesses.
   * @returns takes the try back, when it was right @throws CodedError RateLimited */
  passwordTry(account: string, address: string): Promise<() => Promise<void>>;
  /** @returns true the first time within two minutes, for one of any number at the same moment */
  firstUse(what: string): Promise<boolean>;
  /** counts a command line that asks to be let in @throws CodedError RateLimited */
  deviceStart(address: string): Promise<void>;
  /** counts a refused attempt. @returns how many within the hour, this one included */
  refusals(key: string): Promise<number>;
}

const SIGN_IN_FAILURES = { points: 20, duration: 300 };
/** A receiver is somebody else's server. */
const WEBHOOK_SENDS = { points: 20, duration: 60 };
const PASSWORD_TRIES = { points: 10, duration: 900 };
const ACCOUNT_TRIES = { points: 100, duration: 900 };
/** Longer than a code of an authenticator app is taken: its step and one on each side. */
const ONCE = { points: 1, duration: 120 };
const DEVICE_STARTS = { points: 20, duration: 600 };
const REFUSALS = { points: 10, duration: 3600 };
/** While the database is away nobody signs in anyway; the limiter only must not let everything through. */
const INSURED = (limits: { points: number; duration: number }) => new RateLimiterMemory(limits);

export function createRateLimits(pool: Pool, config: Pick<Config, 'AWP_RUN_STARTS_PER_MINUTE' | 'AWP_SECRET_WRITES_PER_HOUR' | 'AWP_CHANGES_PER_MINUTE'>): RateLimits {
  const shared = (keyPrefix: string, points: number, duration: number) =>
    (points === 0 ? null : new RateLimiterPostgres({ storeClient: pool, storeType: 'pool', tableName: 'rate_limits', tableCreated: true, clearExpiredByTimeout: true, keyPrefix, points, duration }));
  const runStarts = shared('run', config.AWP_RUN_STARTS_PER_MINUTE, 60);
  const secretWrites = shared('secret', config.AWP_SECRET_WRITES_PER_HOUR, 3600);
  const changes = shared('change', config.AWP_CHANGES_PER_MINUTE, 60);
  const webhookSends = shared('webhook', WEBHOOK_SENDS.points, WEBHOOK_SENDS.duration);
  const counted = (keyPrefix: string, limits: { points: number; duration: number }) =>
    new RateLimiterPostgres({ storeClient: pool, storeType: 'pool', tableName: 'rate_limits', tableCreated: true, clearExpiredByTimeout: true, keyPrefix, ...limits, insuranceLimiter: INSURED(limits) });
  const once = shared('once', ONCE.points, ONCE.duration) as RateLimiterPostgres;
  const deviceStarts = counted('device', DEVICE_STARTS);
  const failures = counted('sign-in', SIGN_IN_FAILURES);
  const signIns = createTurns({ atOnce: 4, mayWait: 60, what: 'sign-ins from this network' });
  const allowed = async (address: string): Promise<void> => {
    const state = await failures.get(networkOf(address));
    if (state && state.consumedPoints >= SIGN_IN_FAILURES.points) throw limited(state, 'Too many refused sign-ins from this address.');
  };
  const passwords = counted('password', PASSWORD_TRIES);
  const accounts = counted('account', ACCOUNT_TRIES);
  const refused = counted('refused', REFUSALS);
  return {
    runStart: (res, userId) => consume(res, runStarts, userId, 'run starts', 'minute'),
    secretWrite: (res, userId, provider) => consume(res, secretWrites, `${userId}:${provider}`, `key changes for ${provider}`, 'hour'),
    change: (res, userId) => consume(res, changes, userId, 'changes', 'minute'),
    webhookSend: (res, userId) => consume(res, webhookSends, sha256Hex(userId), 'webhooks sent by hand', 'minute'),
    async signInFailure(address) {
      await failures.consume(networkOf(address)).catch(() => {});
    },
    signInAllowed: allowed,
    async signInTurn(address) {
      const leave = await signIns.enter(networkOf(address));
      return allowed(address).then(() => leave, (error: unknown) => { leave(); throw error; });
    },
    async passwordTry(account, address) {
      const tries = [[passwords, sha256Hex(`${account} ${networkOf(address)}`)], [accounts, sha256Hex(account)]] as const;
      for (const [limiter, key] of tries) await limiter.consume(key).catch((state: unknown) => { throw state instanceof RateLimiterRes ? limited(state, 'Too many wrong passwords for this account.') : state; });
      return async () => { await Promise.all(tries.map(([limiter, key]) => limiter.reward(key))); };
    },
    firstUse: (what) => once.consume(sha256Hex(what)).then(() => true, (state: unknown) => {
      if (!(state instanceof RateLimiterRes)) throw state;
      return false;
    }),
    async deviceStart(address) {
      await deviceStarts.consume(networkOf(address)).catch((state: unknown) => { throw state instanceof RateLimiterRes ? limited(state, 'Too many sign-ins of command lines from this address.') : state; });
    },
    refusals: async (key) => (await refused.penalty(key)).consumedPoints,
  };
}

async function consume(res: Response, limiter: RateLimiterPostgres | null, key: string, what: string, per: string): Promise<void> {
  if (!limiter) return;
  try {
    setHeaders(res, limiter.points, await limiter.consume(key));
  } catch (state) {
    if (!(state instanceof RateLimiterRes)) throw state;
    setHeaders(res, limiter.points, state);
    throw limited(state, `At most ${limiter.points} ${what} per ${per}.`);
  }
}

const seconds = (state: RateLimiterRes): number => Math.max(1, Math.ceil(state.msBeforeNext / 1000));

function setHeaders(res: Response, limit: number, state: RateLimiterRes): void {
  res.set({ 'RateLimit-Limit': String(limit), 'RateLimit-Remaining': String(Math.max(0, state.remainingPoints)), 'RateLimit-Reset': String(seconds(state)) });
}

const limited = (state: RateLimiterRes, detail: string): CodedError => new CodedError('RateLimited', detail, { retryAfterSeconds: seconds(state) });

/** Every way of writing one IPv6 address is the same, and so is every address of its /64. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address.slice(0, 100);
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv4' ? parsed.toString() : parsed.toByteArray().slice(0, 8).join('.');
}
