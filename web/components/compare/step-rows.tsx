'use client';
import { Fragment, useState } from 'react';
import type { CompareRowWire } from '#contracts/api/compare.schema';
import { formatCost, formatDuration, formatTokens, signed } from '../../lib/format';
import { Button } from '../ui/button';
import { DiffView } from './diff-view';

type Cell = NonNullable<CompareRowWire['cells'][number]>;

function word(cell: Cell, index: number): string {
  if (index === 0) return cell.edited ? 'edited' : '';
  if (!cell.diff) return 'only here';
  return cell.edited ? 'edited' : cell.diff?.same ? (cell.reused > 0 ? 'the same, reused' : 'the same') : cell.prompts_same ? 'other answer' : 'differs';
}

/** Time and money beside the first column; nothing where either is unknown or they are alike. */
function beside(cell: Cell, first: Cell | null | undefined): string {
  if (!first) return '';
  const ms = cell.seconds === null || first.seconds === null ? 0 : Math.round((cell.seconds - first.seconds) * 1000);
  const micros = cell.cost_usd_micros === null || first.cost_usd_micros === null ? 0 : cell.cost_usd_micros - first.cost_usd_micros;
  return [ms === 0 ? '' : signed(ms, formatDuration), micros === 0 ? '' : signed(micros, formatCost)].filter(Boolean).join(' · ');
}

function Figures({ cell, first, index }: { cell: Cell; first: Cell | null | undefined; index: number }) {
  const said = word(cell, index);
  const delta = index === 0 ? '' : beside(cell, first);
  return (
    <>
      <span className="font-mono text-sm sm:whitespace-nowrap">{cell.seconds === null ? '–' : formatDuration(cell.seconds * 1000)} · {formatTokens(cell.input_tokens + cell.output_tokens)} tokens · {formatCost(cell.cost_usd_micros)}</span>
      {delta ? <span className="ml-2 font-mono text-xs whitespace-nowrap text-muted">{delta}</span> : null}
      {said ? <span className={`text-sm max-sm:ml-2 sm:block ${said.startsWith('the same') ? 'text-muted' : 'font-medium'}`}>{said}</span> : null}
      {cell.status === 'done' ? null : <span className="block text-sm text-failed">{cell.status}</span>}
    </>
  );
}

/** One row a step, one column a run; what differs opens below. */
export function StepRows({ rows, columns }: { rows: readonly CompareRowWire[]; columns: readonly string[] }) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (key: string): void => setOpen((before) => { const next = new Set(before); if (!next.delete(key)) next.add(key); return next; });
  return (
    <div className="relative overflow-x-auto">
      {/* On a phone each step is a card: its name, then one line a column. */}
      <table className="w-full text-left max-sm:block max-sm:[&_tbody]:block max-sm:[&_td]:block max-sm:[&_th]:block max-sm:[&_tr]:block">
        <caption className="sr-only">Steps of the runs: time, tokens, cost and what each made</caption>
        <thead className="text-sm text-muted max-sm:sr-only"><tr className="border-b [&>th]:px-4 [&>th]:py-2 [&>th]:font-medium"><th scope="col">Step</th>{columns.map((column) => <th key={column} scope="col" className="font-mono">{column}</th>)}<th scope="col"><span className="sr-only">Difference</span></th></tr></thead>
        <tbody className="divide-y divide-rule">
          {rows.map((row) => {
            const key = `${row.stage}-${row.step}`;
            const differs = row.cells.some((cell) => cell?.diff && !cell.diff.same);
            return (
              <Fragment key={key}>
                <tr id={key} className="scroll-mt-20 align-top max-sm:py-2.5 [&>*]:px-4 sm:[&>*]:py-2.5 max-sm:[&>td]:pt-1.5">
                  <th scope="row" className="font-normal">{row.title}<span className="block font-mono text-sm text-muted">{row.stage}/{row.step}</span></th>
                  {row.cells.map((cell, index) => <td key={index}><span aria-hidden className="mr-2 inline-block min-w-12 font-mono text-sm text-muted sm:hidden">{columns[index]}</span>{cell ? <Figures cell={cell} first={row.cells[0]} index={index} /> : <span className="text-faint">not there</span>}</td>)}
                  <td className="sm:text-right">{differs ? <Button size="sm" aria-expanded={open.has(key)} onClick={() => toggle(key)}>{open.has(key) ? 'Hide' : 'Show'}<span className="sr-only"> the difference in {row.title}</span></Button> : null}</td>
                </tr>
                {open.has(key) ? <tr><td colSpan={columns.length + 2} className="px-4 pb-4">{row.cells.map((cell, index) => (cell?.diff && !cell.diff.same ? <div key={index} className="mt-2"><p className="font-mono text-sm text-muted">{columns[0]} → {columns[index]}</p><DiffView diff={cell.diff} label={`Difference in ${row.title}`} /></div> : null))}</td></tr> : null}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
