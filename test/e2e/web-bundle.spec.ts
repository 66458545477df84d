import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { localKeys } from '#scripts/launch/keys';
import { projectRoot } from '#scripts/launch/paths';

/** Every file that a browser may load, against the keys that this very installation runs with. */
test('no key of the installation, and no name of one, is in what browsers load', () => {
  const folder = join(projectRoot, 'web/.next/static');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(20);
  const { masterKey, postgresPassword } = localKeys(process.env['E2E_HOME'] ?? '');
  const secrets = [masterKey, postgresPassword, process.env['E2E_API_KEY'] ?? ''];
  expect(secrets.every((secret) => secret.length >= 16)).toBe(true);
  const names = ['AWP_MASTER_KEY', 'AWP_BOOTSTRAP_API_KEY', 'DATABASE_URL', 'postgresql://'];
  expect(files.filter((file) => { const text = readFileSync(file, 'latin1'); return [...secrets, ...names].some((word) => text.includes(word)); })).toEqual([]);
});
