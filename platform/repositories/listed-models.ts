import { keptModels } from '#contracts/model-ids';
import { PROVIDER_IDS, type ProviderId } from '#contracts/providers';
import type { Config } from '../config.ts';
import type { Database } from '../db.ts';
import { baseUrlHash, type SecretSource } from '../secrets/secret-store.ts';

/** The models that a provider named, kept beside the key that asked: a person's in their setting, those of the workspace's key, or of an
 * address that needs none, once for everybody. Nobody sees what another person's key listed. */
type Listed = { baseUrlHash: string; models: string[] };
const WORKSPACE = 'models/';
const nameOf = (provider: ProviderId): string => `${WORKSPACE}${provider}`;

/** Writes only what differs. @param key.settingId  null for the workspace's key
 * @param key.userId  who asked */
export async function keepListedModels(db: Database, config: Pick<Config, 'providers'>, key: { userId: string; provider: ProviderId; settingId: string | null }, listed: readonly string[]): Promise<void> {
  const { userId, provider, settingId } = key;
  const models = keptModels(listed);
  if (settingId !== null) {
    await db.providerSetting.updateMany({ where: { id: settingId, userId, provider, baseUrlHash: baseUrlHash(config, provider), NOT: { listedModels: { equals: models } } }, data: { listedModels: models } });
    return;
  }
  const name = nameOf(provider);
  const value: Listed = { baseUrlHash: baseUrlHash(config, provider), models };
  const before = (await db.workspaceSetting.findUnique({ where: { name }, select: { value: true } }))?.value as unknown as Listed | undefined;
  if (before?.baseUrlHash === value.baseUrlHash && JSON.stringify(before.models) === JSON.stringify(models)) return;
  await db.workspaceSetting.upsert({ where: { name }, create: { name, value, updatedBy: userId }, update: { value, updatedBy: userId, updatedAt: new Date() } });
}

/** What each provider named to the key that a run of this person would use now. An address that was changed since voids its list. */
export async function listedModels(db: Database, config: Pick<Config, 'providers'>, userId: string, sources: ReadonlyMap<ProviderId, SecretSource>): Promise<Map<ProviderId, string[]>> {
  const [own, workspace] = await Promise.all([
    db.providerSetting.findMany({ where: { userId }, select: { provider: true, baseUrlHash: true, listedModels: true } }),
    db.workspaceSetting.findMany({ where: { name: { startsWith: WORKSPACE } } }),
  ]);
  return new Map(PROVIDER_IDS.map((provider) => {
    const source = sources.get(provider);
    const mine = own.find((row) => row.provider === provider);
    const all = workspace.find((row) => row.name === nameOf(provider))?.value as unknown as Listed | undefined;
    const found = source === 'own' ? mine && { baseUrlHash: mine.baseUrlHash, models: mine.listedModels } : source ? all : undefined;
    return [provider, found?.baseUrlHash === baseUrlHash(config, provider) ? found.models : []];
  }));
}
