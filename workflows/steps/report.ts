import { cleanText } from '#contracts/material';
import type { RunRequest } from '#contracts/workflow';

/** Parts of a Markdown report. Pure: same draft, same bytes. Text of models and pages goes through `oneLine`, `cell` or `body`,
 * so that it cannot break the page around it. */
export const oneLine = (text: string): string => cleanText(text).replace(/\s+/g, ' ').trim();
export const cell = (value: unknown): string => oneLine(value === null || value === undefined ? '—' : String(value)).replaceAll('|', '\\|');

/** The parts that are there, one empty line between them. */
export const page = (parts: readonly (string | null | undefined | false)[]): string => `${parts.filter(Boolean).join('\n\n')}\n`;

/** A table; no rows = empty text, so that a heading can stay away with it. */
export function table(headers: readonly string[], rows: readonly (readonly unknown[])[]): string {
  if (rows.length === 0) return '';
  return [`| ${headers.map(cell).join(' | ')} |`, `|${headers.map(() => '---').join('|')}|`, ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`)].join('\n');
}

export const bullets = (items: readonly string[]): string => items.map((item) => `- ${oneLine(item)}`).join('\n');
/** A heading with what is under it; nothing when there is nothing. */
export const section = (title: string, content: string | null | undefined, level = 2): string => (content?.trim() ? `${'#'.repeat(level)} ${oneLine(title)}\n\n${content}` : '');

/** What a reader has to know before the first line: who wrote it, how much was looked at, what cut it short. */
export function stamps(request: Pick<RunRequest, 'provider'>, stage: 'test' | 'full', slice: string, remark: string | null): string {
  return [
    request.provider === 'demo' ? '> **DEMO** — composed by the demo provider from the material listed below; not written by a language model.' : '',
    stage === 'test' ? `> **TEST** — ${oneLine(slice)}` : '',
    remark ? `> ${oneLine(remark)}` : '',
  ].filter(Boolean).join('\n\n');
}

export const nextSteps = (steps: readonly (string | false | null | undefined)[]): string => section('Recommended next steps', bullets(steps.filter((step): step is string => Boolean(step))));

const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/** Text of a model below a section: its own level-1 and level-2 headings go down to level 3. Code blocks stay byte for byte; one
 * that the model's last token left open is closed, or it would swallow the rest of the page. */
export function body(text: string): string {
  let open: string | null = null;
  const lines = text.trim().split('\n').map((line) => {
    const fence = FENCE.exec(line)?.[1];
    if (open === null) {
      // Backticks after backticks on one line are inline code, not a fence.
      if (fence && !(fence.startsWith('`') && line.trim().slice(fence.length).includes('`'))) open = fence;
      else return line.replace(/^#{1,2}(?=\s)/, '###');
    } else if (fence?.startsWith(open) && line.trim() === fence) open = null;
    return line;
  });
  return [...lines, ...(open === null ? [] : [open])].join('\n');
}
