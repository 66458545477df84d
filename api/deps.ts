import type { Client } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import type { Pool } from 'pg';
import type { CatalogEntry } from '#contracts/catalog.schema';
import type { ProviderData } from '#contracts/provider-data';
import type { ProviderId } from '#contracts/providers';
import type { Config } from '#platform/config';
import type { Database } from '#platform/db';
import type { EvidenceKeys } from '#platform/evidence/evidence-keys';
import type { Logger } from '#platform/logger';
import type { KeyRing } from '#platform/secrets/key-ring';
import type { SecretStore } from '#platform/secrets/secret-store';
import type { VaultClient } from '#platform/secrets/vault-client';
import type { ArtifactStorage } from '#platform/storage/artifact-storage';
import type { Accounts } from './accounts/accounts.ts';
import type { CrashWorker } from './crash-worker.ts';
import type { Metrics } from './metrics.ts';
import type { PendingStarts } from './pending-starts.ts';
import type { PrincipalCache } from './principal-cache.ts';
import type { RateLimits } from './rate-limits.ts';
import type { RunEventFeed } from './run-event-feed.ts';
import type { RunViews } from './run-views.ts';

/** Everything a handler may touch; built once in main.ts, or by a test. */
export interface Deps {
  config: Config;
  db: Database;
  pool: Pool;
  temporal: Client;
  logger: Logger;
  catalog: readonly CatalogEntry[];
  providerData: Record<ProviderId, ProviderData>;
  providerDataDate: string;
  keyRing: KeyRing;
  secrets: SecretStore;
  /** null where secrets are kept in the database */
  vault: VaultClient | null;
  evidenceKeys: EvidenceKeys;
  /** what Temporal stores, without the claim check: for reading histories */
  payloadEncryption: PayloadCodec;
  storage: ArtifactStorage;
  feed: RunEventFeed;
  views: RunViews;
  principals: PrincipalCache;
  limits: RateLimits;
  starts: PendingStarts;
  accounts: Accounts;
  metrics: Metrics;
  /** for the crash drill; null where it is not offered */
  crashWorker: CrashWorker | null;
  /** raised when the process is told to stop: it serves on, but balancers and connections go elsewhere */
  draining: AbortSignal;
  /** raised when the drain is over: open streams end */
  stopping: AbortSignal;
}
