import path from 'node:path';
import { CodedError } from '../coded-error.ts';

/** The only form a storage key may have: server-made parts of letters, digits, dot, dash and underscore. */
const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?:\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,4}$/;

/** @throws CodedError InvalidInput for anything but a key that the server made */
export function requireKey(key: string): void {
  if (!KEY.test(key) || key.includes('..')) throw new CodedError('InvalidInput', 'That is not a storage key.');
}

/** Joins a storage key to its root and proves that the result is inside. Nothing else in the project builds a path from a
 * stored or received name.
 * @throws CodedError InvalidInput for a key of any other form */
export function safeJoin(root: string, key: string): string {
  requireKey(key);
  const base = path.resolve(root);
  const joined = path.resolve(base, ...key.split('/'));
  if (!joined.startsWith(base + path.sep)) throw new CodedError('InvalidInput', 'That storage key leaves its folder.');
  return joined;
}
