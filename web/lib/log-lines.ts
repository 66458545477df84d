import type { LogLine } from './log-of-events';

type Lines = readonly LogLine[];

/** `warn` keeps errors too. The search looks at message and place, whatever the case of its letters. */
export function matchingLines(logs: Lines, level: 'all' | 'warn' | 'error', search: string): Lines {
  const wanted = search.trim().toLowerCase();
  return logs.filter((line) => (level === 'all' || line.level === 'error' || line.level === level) && (wanted === '' || line.message.toLowerCase().includes(wanted) || `${line.stage}/${line.step}`.toLowerCase().includes(wanted)));
}

/** As a text file: one line each, with the full time. */
export const logText = (lines: Lines): string => lines.map((line) => `${line.at} ${line.level.padEnd(5)} ${line.step ? `${line.stage}/${line.step} ` : ''}${line.message}\n`).join('');
