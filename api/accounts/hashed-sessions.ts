import type { DBAdapter } from 'better-auth/types';
import { sha256Hex } from '#platform/ids';

/** better-auth stores session tokens as they are. Between it and the database stands this: what goes in is hashed, and what comes
 * out carries the token it was asked for by. A copy of the table signs nobody in. */
type Adapter = DBAdapter;
interface Condition { field: string; value: unknown }
type Row = Record<string, unknown>;

const SESSION = 'session';
const hashed = (value: unknown): unknown => (typeof value === 'string' ? sha256Hex(value) : Array.isArray(value) ? value.map(hashed) : value);
const hashedWhere = <W extends Condition>(where: W[] | undefined): W[] | undefined => where?.map((condition) => (condition.field === 'token' ? { ...condition, value: hashed(condition.value) } : condition));
const hashedData = <D>(data: D): D => (data && typeof data === 'object' && 'token' in data ? { ...data, token: hashed((data as Row)['token']) } : data);
const askedFor = (where: Condition[] | undefined): string | undefined => where?.map((condition) => (condition.field === 'token' && typeof condition.value === 'string' ? condition.value : undefined)).find((token) => token !== undefined);
const withToken = <R>(row: R, token: unknown): R => (row && typeof row === 'object' && typeof token === 'string' ? { ...row, token } : row);

export function hashSessionTokens<Options>(open: (options: Options) => Adapter): (options: Options) => Adapter {
  return (options) => {
    const inner = open(options);
    const outer: Adapter = {
      ...inner,
      async create(call) {
        if (call.model !== SESSION) return inner.create(call);
        return withToken(await inner.create<Row, never>({ ...call, data: hashedData(call.data) }), (call.data as Row)['token']);
      },
      async findOne(call) {
        if (call.model !== SESSION) return inner.findOne(call);
        return withToken(await inner.findOne({ ...call, where: hashedWhere(call.where) as never }), askedFor(call.where)) as never;
      },
      async update(call) {
        if (call.model !== SESSION) return inner.update(call);
        return withToken(await inner.update({ ...call, where: hashedWhere(call.where) as never, update: hashedData(call.update) }), askedFor(call.where)) as never;
      },
      findMany: (call) => inner.findMany(call.model === SESSION ? { ...call, where: hashedWhere(call.where) as never } : call),
      updateMany: (call) => inner.updateMany(call.model === SESSION ? { ...call, where: hashedWhere(call.where) as never, update: hashedData(call.update) } : call),
      delete: (call) => inner.delete(call.model === SESSION ? { ...call, where: hashedWhere(call.where) as never } : call),
      deleteMany: (call) => inner.deleteMany(call.model === SESSION ? { ...call, where: hashedWhere(call.where) as never } : call),
      consumeOne: (call) => inner.consumeOne(call.model === SESSION ? { ...call, where: hashedWhere(call.where) as never } : call),
      count: (call) => inner.count(call.model === SESSION ? { ...call, where: hashedWhere(call.where) as never } : call),
      transaction: (work) => work(outer),
    };
    return outer;
  };
}
