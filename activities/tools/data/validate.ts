import type { DuckDBConnection } from '@duckdb/node-api';
import type { z } from 'zod';
import type { DataRule } from '#contracts/data-tools.schema';
import type { RuleResult, ValidateData } from '#contracts/data-tools';
import { JobProblem } from '../child/answer.ts';
import { column, load, lock, name, openEngine, reasonOf, rowsOf, ROW, text, type Loaded } from './engine.ts';
import type { DataJob } from './job.ts';

type Rule = z.output<typeof DataRule>;
const EXAMPLES = 5;

/** Proves rules on the rows themselves: each gives how many rows broke it, and the first of them. */
export async function validate({ table, reference, args }: Extract<DataJob, { operation: 'validate' }>): Promise<ValidateData> {
  const connection = await openEngine();
  const data = await load(connection, table, 'data', { asText: true });
  const other = reference ? await load(connection, reference, 'reference', { asText: true }) : null;
  await lock(connection);
  const rules: RuleResult[] = [];
  for (const [index, rule] of args.rules.entries()) rules.push(await check(connection, rule, rule.id ?? `r${index + 1}`, data, other));
  const failed = rules.filter(({ outcome }) => outcome !== 'passed');
  return { row_count: data.rowCount, passed: rules.length - failed.length, failed: failed.length, valid: failed.every(({ severity }) => severity === 'warning'), rules, rejected_rows: data.rejected.count };
}

async function check(connection: DuckDBConnection, rule: Rule, id: string, data: Loaded, other: Loaded | null): Promise<RuleResult> {
  const base = { id, rule: rule.rule, severity: rule.severity, checked: data.rowCount, violations: 0, examples: [], detail: null };
  const title = titleOf(rule);
  const verdict = (ok: boolean, detail: string): RuleResult => ({ ...base, title, outcome: ok ? 'passed' : 'failed', violations: ok ? 0 : 1, detail });
  try {
    if (rule.rule === 'row_count') return verdict(data.rowCount >= (rule.min ?? 0) && data.rowCount <= (rule.max ?? Infinity), `There are ${data.rowCount} rows.`);
    if (rule.rule === 'columns') {
      const present = data.columns.map((one) => one.name);
      const missing = rule.names.filter((wanted) => !present.includes(wanted));
      const extra = rule.exact ? present.filter((one) => !rule.names.includes(one)) : [];
      return verdict(missing.length + extra.length === 0, [missing.length > 0 ? `Missing: ${missing.join(', ')}.` : '', extra.length > 0 ? `Not expected: ${extra.join(', ')}.` : ''].filter(Boolean).join(' ') || 'All are there.');
    }
    const { value, applies, broken } = conditionOf(rule, data, other);
    const [[checked = 0, violations = 0] = []] = await rowsOf(connection, `SELECT count(*) FILTER (${applies}), count(*) FILTER (${applies} AND ${broken}) FROM ${rule.rule === 'unique' ? counted(rule, data) : 'data'}`);
    const examples = Number(violations) === 0 ? [] : await rowsOf(connection, `SELECT ${name(ROW)}, left(CAST(${value} AS VARCHAR), 120) FROM ${rule.rule === 'unique' ? counted(rule, data) : 'data'} WHERE ${applies} AND ${broken} ORDER BY 1 LIMIT ${EXAMPLES}`);
    const allowed = rule.rule === 'not_null' ? rule.max_share * data.rowCount : 0;
    return { ...base, title, checked: Number(checked), violations: Number(violations), outcome: Number(violations) <= allowed ? 'passed' : 'failed', examples: examples.map(([row, cell]) => ({ row: Number(row), value: cell === null || cell === undefined ? null : String(cell) })) };
  } catch (error) {
    return { ...base, title, checked: 0, outcome: 'error', detail: error instanceof JobProblem ? error.message : reasonOf(error) };
  }
}

/** Every row with its place among the rows of the same values. */
const counted = (rule: Extract<Rule, { rule: 'unique' }>, data: Loaded): string => `(SELECT *, row_number() OVER (PARTITION BY ${rule.columns.map((one) => column(data.columns, one)).join(', ')} ORDER BY ${name(ROW)}) AS __place FROM data)`;

type RowRule = Exclude<Rule, { rule: 'row_count' | 'columns' }>;

/** SQL: which rows a rule looks at, when one breaks it, and what is shown of it. */
function conditionOf(rule: RowRule, data: Loaded, other: Loaded | null): { value: string; applies: string; broken: string } {
  if (rule.rule === 'unique') {
    const columns = rule.columns.map((one) => column(data.columns, one));
    return { value: `concat_ws(', ', ${columns.join(', ')})`, applies: `NOT (${columns.map((one) => `${one} IS NULL`).join(' AND ')})`, broken: '__place > 1' };
  }
  const c = column(data.columns, rule.column);
  const words = `CAST(${c} AS VARCHAR)`;
  const there = `(${c} IS NOT NULL AND trim(${words}) <> '')`;
  switch (rule.rule) {
    case 'not_null': return { value: c, applies: 'true', broken: `NOT ${there}` };
    case 'type': return { value: c, applies: there, broken: `NOT coalesce(${IS_TYPE[rule.type](`trim(${words})`)}, false)` };
    case 'range': return { value: c, applies: there, broken: `NOT coalesce(${[rule.min === undefined ? '' : bound(words, '>=', rule.min), rule.max === undefined ? '' : bound(words, '<=', rule.max)].filter(Boolean).join(' AND ') || 'true'}, false)` };
    case 'length': return { value: c, applies: there, broken: `NOT (length(${words}) BETWEEN ${rule.min ?? 0} AND ${rule.max ?? 1_000_000_000})` };
    case 'allowed': return { value: c, applies: there, broken: `NOT ((${rule.values.map((allowed) => (typeof allowed === 'number' ? `coalesce(TRY_CAST(${words} AS DOUBLE) = ${allowed}, false)` : typeof allowed === 'boolean' ? `lower(${words}) = '${allowed}'` : `${words} = ${text(allowed)}`)).join(' OR ')}))` };
    case 'pattern': return { value: c, applies: there, broken: `NOT regexp_full_match(${words}, ${text(rule.pattern)})` };
    case 'compare': {
      const o = column(data.columns, rule.other_column);
      const same = (type: string): string => `(TRY_CAST(${c} AS ${type}) ${rule.operator} TRY_CAST(${o} AS ${type}))`;
      return { value: `concat(${c}, ' ', ${text(rule.operator)}, ' ', ${o})`, applies: `${there} AND ${o} IS NOT NULL`, broken: `NOT coalesce(${same('DOUBLE')}, ${same('TIMESTAMP')}, ${same('VARCHAR')})` };
    }
    case 'reference': {
      const to = rule.table === 'data' ? data : other;
      if (!to) throw new JobProblem('The rule points at a second table, but no reference was given.');
      return { value: c, applies: there, broken: `${words} NOT IN (SELECT CAST(${column(to.columns, rule.to_column)} AS VARCHAR) FROM ${rule.table} WHERE ${name(rule.to_column)} IS NOT NULL)` };
    }
  }
}

const IS_TYPE: Record<Extract<Rule, { rule: 'type' }>['type'], (value: string) => string> = {
  integer: (value) => `regexp_full_match(${value}, '[+-]?[0-9]+')`,
  number: (value) => `isfinite(TRY_CAST(${value} AS DOUBLE))`,
  boolean: (value) => `lower(${value}) IN ('true', 'false', '0', '1', 'yes', 'no')`,
  date: (value) => `TRY_CAST(${value} AS DATE) IS NOT NULL AND regexp_full_match(${value}, '[0-9]{4}-[0-9]{2}-[0-9]{2}')`,
  timestamp: (value) => `TRY_CAST(${value} AS TIMESTAMPTZ) IS NOT NULL`,
  email: (value) => `regexp_full_match(${value}, '[^@\\s]+@[^@\\s]+\\.[^@\\s.]{2,}')`,
  uuid: (value) => `regexp_full_match(lower(${value}), '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')`,
  url: (value) => `regexp_full_match(${value}, 'https?://[^\\s/$.?#][^\\s]*')`,
};

const bound = (words: string, operator: '>=' | '<=', limit: string | number): string => (typeof limit === 'number' ? `TRY_CAST(${words} AS DOUBLE) ${operator} ${limit}` : `TRY_CAST(${words} AS TIMESTAMP) ${operator} TRY_CAST(${text(limit)} AS TIMESTAMP)`);

function titleOf(rule: Rule): string {
  switch (rule.rule) {
    case 'columns': return `The columns ${rule.names.join(', ')} are there${rule.exact ? ', and no others' : ''}`;
    case 'row_count': return `Between ${rule.min ?? 0} and ${rule.max ?? 'any number of'} rows`;
    case 'type': return `${rule.column} is of type ${rule.type}`;
    case 'not_null': return rule.max_share > 0 ? `${rule.column} is empty in at most ${rule.max_share * 100} % of the rows` : `${rule.column} is never empty`;
    case 'unique': return `${rule.columns.join(' with ')} ${rule.columns.length > 1 ? 'are' : 'is'} there once`;
    case 'range': return `${rule.column} lies between ${rule.min ?? 'any'} and ${rule.max ?? 'any'}`;
    case 'length': return `${rule.column} has ${rule.min ?? 0} to ${rule.max ?? 'any number of'} characters`;
    case 'allowed': return `${rule.column} is one of ${rule.values.slice(0, 8).join(', ')}${rule.values.length > 8 ? ' …' : ''}`;
    case 'pattern': return `${rule.column} has the form ${rule.pattern}`;
    case 'compare': return `${rule.column} ${rule.operator} ${rule.other_column}`;
    case 'reference': return `${rule.column} is found in ${rule.to_column} of ${rule.table === 'data' ? 'the same table' : 'the second table'}`;
  }
}
