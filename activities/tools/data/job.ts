import type { z } from 'zod';
import type { ProfileDataArgs, QueryDataArgs, ValidateDataArgs } from '#contracts/data-tools.schema';
import type { ProfileData } from '#contracts/data-tools';

/** What the worker asks of the process that holds DuckDB. */
export type TableKind = 'csv' | 'json' | 'parquet';
export interface TableFile { path: string; kind: TableKind; encoding: ProfileData['encoding'] }
export type DataJob =
  | { operation: 'profile'; table: TableFile; args: z.output<typeof ProfileDataArgs> }
  | { operation: 'query'; table: TableFile; args: z.output<typeof QueryDataArgs> }
  | { operation: 'validate'; table: TableFile; reference: TableFile | null; args: z.output<typeof ValidateDataArgs> };
