import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ADVISORY_LOCKS } from './advisory-locks.ts';

it('no two matters share a lock', () => {
  const numbers = Object.values(ADVISORY_LOCKS);
  expect(new Set(numbers).size).toBe(numbers.length);
});

it('every advisory lock of the product is one of these, or a text of its own', () => {
  const files = globSync('{api,activities,platform,worker,scripts,cli}/**/*.ts').filter((file) => !file.endsWith('.test.ts'));
  const asked = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/pg_(?:try_)?advisory_\w*lock\w*\(([^)]*)\)/g)].map(([, argument = '']) => ({ file, argument })));
  expect(asked.length).toBeGreaterThan(6);
  expect(asked.filter(({ argument }) => !/^\$\{ADVISORY_LOCKS\.\w+\}$|^hashtextextended\(/.test(argument))).toEqual([]);
});
