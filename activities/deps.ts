import type { Client } from '@temporalio/client';
import type { ProviderId } from '#contracts/providers';
import type { CatalogEntry } from '#contracts/catalog.schema';
import type { Config } from '#platform/config';
import type { Database } from '#platform/db';
import type { EvidenceKeys } from '#platform/evidence/evidence-keys';
import type { Logger } from '#platform/logger';
import type { KeyRing } from '#platform/secrets/key-ring';
import type { SecretStore } from '#platform/secrets/secret-store';
import type { ArtifactStorage } from '#platform/storage/artifact-storage';
import type { Metrics } from './metrics.ts';
import type { Provider } from './providers/provider.ts';
import type { Tool } from './tools/tool.ts';

/** All that activities need from the world, built once by the worker's composition root. */
export interface ActivityDeps {
  config: Config;
  db: Database;
  storage: ArtifactStorage;
  secrets: SecretStore;
  /** for a key in transit (SealedKey) */
  keyRing: KeyRing;
  evidenceKeys: EvidenceKeys;
  logger: Logger;
  metrics: Metrics;
  tools: Record<string, Tool>;
  temporal: Client;
  provider(id: ProviderId, apiKey: string): Provider;
  /** the catalog's entry, or the definition that this run was started with */
  findEntry(slug: string, runId: string): CatalogEntry | undefined | Promise<CatalogEntry | undefined>;
}
