import type { CompareRowWire, StageDiffWire } from '#contracts/api/compare.schema';
import type { Row, StageFigures } from '#contracts/run-compare';

export const rowToWire = (row: Row): CompareRowWire => ({
  stage: row.stage, step: row.step, title: row.title, same: row.same,
  cells: row.cells.map((cell) => cell && {
    status: cell.status, seconds: cell.seconds, input_tokens: cell.inputTokens, output_tokens: cell.outputTokens, cost_usd_micros: cell.costUsdMicros, reused: cell.reused, edited: cell.edited, models_served: cell.modelsServed, sources: cell.sources,
    diff: cell.diff, prompts_same: cell.promptsSame,
  }),
});

export const figuresToWire = (figures: StageFigures): StageDiffWire['test'] => ({
  stage: figures.stage, status: figures.status, seconds: figures.seconds, input_tokens: figures.inputTokens, output_tokens: figures.outputTokens, cost_usd_micros: figures.costUsdMicros, models_served: figures.modelsServed, sources: figures.sources,
});
