import { bounded } from './bounded.ts';

/** A read that takes longer is no reason to keep the others waiting: its connection may be dead. */
const PATIENCE_MS = 1_000;

/** Reads by key that come while one is under way share the next one, which begins when that has ended, or after a second. Each read
 * begins after it was asked for, so an answer is as fresh as one that was read alone; it is never kept.
 * @param load  of keys, each once; what it leaves out is undefined
 * @returns rejects as `load` does, for all that shared it */
export function gathered<Key, Value>(load: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>): (key: Key) => Promise<Value | undefined> {
  let next: { keys: Set<Key>; found: Promise<ReadonlyMap<Key, Value>> } | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let isLoading = false;
  const begin = (keys: ReadonlySet<Key>): Promise<ReadonlyMap<Key, Value>> => {
    isLoading = true;
    const found = load([...keys]);
    const mine = bounded(found, PATIENCE_MS).catch(() => {}).then(() => { if (last === mine) isLoading = false; });
    last = mine;
    return found;
  };
  return async (key) => {
    if (!isLoading) return (await begin(new Set([key]))).get(key);
    if (!next) {
      const keys = new Set<Key>();
      next = { keys, found: last.then(() => { next = null; return begin(keys); }) };
    }
    next.keys.add(key);
    return (await next.found).get(key);
  };
}

/** One of something for each of what it stands on, such as a pool. */
export function oneFor<Owner extends object, Thing>(make: (owner: Owner) => Thing): (owner: Owner) => Thing {
  const made = new WeakMap<Owner, Thing>();
  return (owner) => {
    const thing = made.get(owner) ?? make(owner);
    made.set(owner, thing);
    return thing;
  };
}
