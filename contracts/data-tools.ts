/** What the data tools hand back in `data` of their ToolResult. Plain types: workflow code may import them. */
export type Cell = string | number | boolean | null;

export interface ReadUploadData { upload_id: string; file_name: string; kind: string; sha256: string; title: string; /** of the document; null where there are none */ page_count: number | null; section_count: number; /** the first section that was not given, null at the end */ next: number | null; /** a part was left out: the document is longer than what is read */ cut: boolean; sections: { id: string; title: string; page: number | null; characters: number }[] }

export interface ColumnProfile {
  name: string; type: string; nulls: number; null_share: number; distinct: number;
  /** as text for dates and texts */
  min: Cell; max: Cell;
  /** numbers only; sd = sample standard deviation; quantiles by linear interpolation */
  mean: number | null; sd: number | null; quantiles: { q05: number; q25: number; q50: number; q75: number; q95: number } | null;
  /** below q25 − 1.5·IQR or above q75 + 1.5·IQR */
  outliers: { low: number; high: number; count: number } | null;
  top: { value: Cell; count: number }[];
  /** texts that a spreadsheet would run as a formula */
  formula_cells: number;
}
export interface PiiFinding { column: string; kind: 'email' | 'phone' | 'card' | 'iban' | 'ip'; matches: number; share: number }
/** `determines`: share of rows whose target follows from this column's value alone, seen on values that occur at least twice */
export interface LeakageFinding { column: string; determines: number; baseline: number; reason: string }
export interface TableSlice { columns: string[]; rows: Cell[][] }
export interface ProfileData {
  row_count: number; column_count: number; /** only the first rows were read */ limited: boolean;
  rejected_rows: number; rejected_examples: { line: number; error: string }[];
  columns: ColumnProfile[]; duplicate_rows: number; constant_columns: string[]; pii: PiiFinding[];
  /** null without a target */ leakage: LeakageFinding[] | null;
  first_rows: TableSlice; encoding: 'utf-8' | 'utf-16' | 'repaired';
}

/** UTF-16 units of a table that is handed over as text. */
export const MAX_CSV_CHARACTERS = 60_000;
export interface FetchTableData { /** after redirects */ url: string; csv: string; /** with the header */ lines: number; truncated: boolean }

export interface QueryData { columns: { name: string; type: string }[]; rows: Cell[][]; row_count: number; truncated: boolean }

export interface RuleResult { id: string; rule: string; title: string; severity: 'error' | 'warning'; outcome: 'passed' | 'failed' | 'error'; /** rows the rule looked at */ checked: number; violations: number; /** rows counted from 1, the header left out */ examples: { row: number; value: string | null }[]; detail: string | null }
export interface ValidateData { row_count: number; passed: number; failed: number; /** no rule of severity error failed */ valid: boolean; rules: RuleResult[]; rejected_rows: number }

export interface RunJavascriptData { result: unknown; console: string[] }

type Interval = [number | null, number | null];
export type StatisticsData =
  | { test: 'describe'; n: number; mean: number; sd: number | null; standard_error: number | null; min: number; q1: number; median: number; q3: number; max: number; confidence: number; interval: Interval | null }
  | { test: 't_test' | 'welch'; statistic: number; df: number; p_value: number; /** mean of a (less b, or mu) */ difference: number; interval: Interval; confidence: number; cohens_d: number; means: number[]; n: number[] }
  | { test: 'chi_square'; statistic: number; df: number; p_value: number; expected: number[][]; cramers_v: number; /** expected counts below 5 make p uncertain */ small_expected: number }
  | { test: 'two_proportions'; statistic: number; p_value: number; rate_a: number; rate_b: number; difference: number; relative_change: number | null; interval: Interval; confidence: number }
  | { test: 'bootstrap_mean_difference'; difference: number; standard_error: number; interval: [number, number]; confidence: number; resamples: number; seed: number; share_above_zero: number }
  | { test: 'sample_ratio'; statistic: number; df: number; p_value: number; expected: number[]; /** p below alpha: the split is not what was planned */ mismatch: boolean }
  | { test: 'mann_whitney'; u: number; z: number; p_value: number; rank_biserial: number; medians: [number, number] }
  | { test: 'correlation'; method: 'pearson' | 'spearman'; r: number; statistic: number | null; df: number; p_value: number; interval: Interval | null; confidence: number; n: number }
  | { test: 'holm'; adjusted: number[]; rejected: boolean[]; alpha: number }
  | { test: 'sample_size'; per_group: number; total: number; alpha: number; power: number; effect: number };

export interface CalculateData { results: { name: string | null; expression: string; value: number }[] }

export interface ConfigProblem { line: number; column: number; severity: 'error' | 'warning'; /** JSON Pointer, empty for syntax */ path: string; message: string }
export interface LintConfigData { valid: boolean; problems: ConfigProblem[]; keys: string[] }

export interface TrainCharModelData { vocabulary: string[]; parameters: number; /** nats a character */ bigram_loss: number; loss: { step: number; train: number; validation: number }[]; final_loss: number; perplexity: number; uniform_loss: number; samples: string[]; seed: number; train_characters: number; validation_characters: number }

export interface RetrievalMiss { question: string; wanted: string[]; /** document ids, best first */ retrieved: string[] }
export interface RetrievalVariant { name: string; chunk_size: number; overlap: number; method: 'bm25' | 'tfidf'; chunks: number; mean_chunk_characters: number; /** mean over questions of the share of wanted documents (or answer chunks) among the first k */ recall_at_k: number; hit_rate: number; mrr: number; misses: RetrievalMiss[] }
export interface RetrievalEvalData { k: number; questions: number; documents: number; variants: RetrievalVariant[]; best: string }
