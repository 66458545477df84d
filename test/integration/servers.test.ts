import { Connection } from '@temporalio/client';
import pg from 'pg';
import { expect, it } from 'vitest';
import { createTestDatabase, temporalAddress } from '#test/support/servers';
import { SEARCH_ATTRIBUTES } from '#contracts/search-attributes';

it('each test file gets a migrated database of its own', async () => {
  const [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const client = new pg.Client({ connectionString: first.url });
  await client.connect();
  const applied = await client.query('select count(*)::int as count from _prisma_migrations where finished_at is not null');
  expect(applied.rows[0].count).toBeGreaterThan(0);
  expect(first.url).not.toBe(second.url);
  await client.end();
  await Promise.all([first.drop(), second.drop()]);
});

it('the Temporal server knows the search attributes that Temporal Web filters by', async () => {
  const connection = await Connection.connect({ address: temporalAddress() });
  const known = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
  expect(Object.keys(known.customAttributes ?? {})).toEqual(expect.arrayContaining([...SEARCH_ATTRIBUTES]));
  await connection.close();
});
