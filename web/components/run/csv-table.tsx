'use client';
import Papa from 'papaparse';
import { useMemo } from 'react';

/** Rows that are drawn; a longer table says so and is downloaded. */
const SHOWN_ROWS = 500;
const isNumber = (cell: string): boolean => /^[+-]?[\d.,]+(e[+-]?\d+)?$/i.test(cell.trim()) && /\d/.test(cell);

/** A CSV file as a table: header, row numbers, numbers to the right. Cells are text, never markup. */
export function CsvTable({ text, name }: { text: string; name: string }) {
  const { header, rows, problem } = useMemo(() => {
    const { data, errors } = Papa.parse<string[]>(text, { skipEmptyLines: true });
    return { header: data[0] ?? [], rows: data.slice(1), problem: errors[0]?.message ?? null };
  }, [text]);
  const numeric = header.map((_, column) => rows.length > 0 && rows.every((row) => (row[column] ?? '') === '' || isNumber(row[column] ?? '')));
  return (
    <div>
      <div tabIndex={0} role="region" aria-label={`${name} as a table`} className="max-h-[70dvh] overflow-auto">
        <table className="w-full border-collapse text-sm">
          <thead className="sticky top-0 bg-sunken"><tr>
            <th scope="col" className="px-3 py-2 text-right font-normal text-muted"><span className="sr-only">Row</span>#</th>
            {header.map((cell, column) => <th key={column} scope="col" className={`whitespace-nowrap px-3 py-2 font-medium ${numeric[column] ? 'text-right' : 'text-left'}`}>{cell}</th>)}
          </tr></thead>
          <tbody>
            {rows.slice(0, SHOWN_ROWS).map((row, index) => (
              <tr key={index} className="border-t border-rule align-top">
                <td className="px-3 py-1.5 text-right font-mono text-xs text-muted">{index + 1}</td>
                {header.map((_, column) => <td key={column} className={`max-w-md break-words px-3 py-1.5 ${numeric[column] ? 'text-right font-mono tabular-nums' : ''}`}>{row[column] ?? ''}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="border-t border-rule px-4 py-2 text-sm text-muted">{rows.length === 1 ? '1 row' : `${rows.length.toLocaleString('en')} rows`}, {header.length} columns{rows.length > SHOWN_ROWS ? `; the first ${SHOWN_ROWS} are shown, the download has them all` : ''}.{problem ? ` The file does not follow CSV everywhere: ${problem}` : ''}</p>
    </div>
  );
}
