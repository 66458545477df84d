import { unzipSync, type Unzipped } from 'fflate';
import { BUNDLE_ENTRIES, BUNDLE_FORMAT, BUNDLE_VERSION, type BundleLedgerRow, type BundleManifest } from '#contracts/bundle';
import type { RunEventWire } from '#contracts/api/runs.schema';
import type { RunEvent } from '#contracts/run-events';
import { runEventFromWire } from '#contracts/wire';

/** A run as one file (`awp runs export`), opened in the browser: nothing of it is sent anywhere. */
export interface OpenedBundle {
  manifest: BundleManifest;
  events: RunEvent[];
  /** `<stage>/<step>/<ordinal>` → what was asked */
  prompts: Map<string, { role: string; content: string }[]>;
  files: { name: string; bytes: Uint8Array }[];
  /** false where the browser offers no hashing (a page that is neither https nor on this machine) */
  checked: boolean;
}
/** Says in words what is wrong with a file. */
export class BundleProblem extends Error {}

const MAX_BYTES = 256 * 1024 * 1024;
const text = new TextDecoder();

/** @throws BundleProblem that names the entry which is missing, changed or too many */
export async function openBundle(bytes: Uint8Array): Promise<OpenedBundle> {
  const entries = unzipped(bytes);
  const manifest = json(entries, BUNDLE_ENTRIES.manifest) as BundleManifest;
  if (manifest.format !== BUNDLE_FORMAT || !Array.isArray(manifest.entries)) throw new BundleProblem('This is not a run bundle. Bundles are made by “awp runs export”.');
  if (manifest.format_version > BUNDLE_VERSION) throw new BundleProblem(`This bundle has format ${manifest.format_version}; this page reads up to ${BUNDLE_VERSION}.`);
  const checked = await compare(entries, manifest);
  const lines = text.decode(entry(entries, BUNDLE_ENTRIES.events)).split('\n').filter(Boolean);
  const ledger = json(entries, BUNDLE_ENTRIES.ledger) as BundleLedgerRow[];
  return {
    manifest, checked,
    events: lines.map((line) => runEventFromWire(JSON.parse(line) as RunEventWire)),
    prompts: new Map(ledger.map((row) => [`${row.stage}/${row.step}/${row.ordinal}`, messagesOf(row.request)])),
    files: Object.entries(entries).filter(([name]) => name.startsWith(BUNDLE_ENTRIES.artifacts)).map(([name, content]) => ({ name: name.slice(BUNDLE_ENTRIES.artifacts.length), bytes: content })),
  };
}

function unzipped(bytes: Uint8Array): Unzipped {
  let total = 0;
  try {
    return unzipSync(bytes, { filter: ({ originalSize }) => {
      total += originalSize;
      if (total > MAX_BYTES) throw new BundleProblem('This file is larger than any run makes; use “awp runs import” on the command line.');
      return true;
    } });
  } catch (error) {
    throw error instanceof BundleProblem ? error : new BundleProblem('This is not a zip file, or it is damaged.');
  }
}

/** Every entry in the manifest with its hash, and nothing beside them. @returns whether hashes could be calculated */
async function compare(entries: Unzipped, manifest: BundleManifest): Promise<boolean> {
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  const named = new Set<string>([BUNDLE_ENTRIES.manifest]);
  for (const { name, sha256, bytes } of manifest.entries) {
    const content = entry(entries, name);
    if (content.length !== bytes || (subtle && (await hashOf(subtle, content)) !== sha256)) throw new BundleProblem(`The bundle was changed: ${name} does not match its hash.`);
    named.add(name);
  }
  for (const name of Object.keys(entries)) if (!named.has(name)) throw new BundleProblem(`The bundle was changed: ${name} is not in its manifest.`);
  return subtle !== undefined;
}

async function hashOf(subtle: SubtleCrypto, content: Uint8Array): Promise<string> {
  return [...new Uint8Array(await subtle.digest('SHA-256', content.slice().buffer))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function entry(entries: Unzipped, name: string): Uint8Array {
  const content = entries[name];
  if (!content) throw new BundleProblem(`This is not a whole run bundle: ${name} is missing.`);
  return content;
}

function json(entries: Unzipped, name: string): unknown {
  try {
    return JSON.parse(text.decode(entry(entries, name))) as unknown;
  } catch (error) {
    throw error instanceof BundleProblem ? error : new BundleProblem(`The bundle is damaged: ${name} is not JSON.`);
  }
}

function messagesOf(request: unknown): { role: string; content: string }[] {
  return Array.isArray(request) ? request.filter((message): message is { role: string; content: string } => typeof message === 'object' && message !== null && typeof (message as { role?: unknown }).role === 'string' && typeof (message as { content?: unknown }).content === 'string') : [];
}
