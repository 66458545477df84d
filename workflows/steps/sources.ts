import { checkCitations, describeCitations, type CitationReport } from '#contracts/citations';
import type { MaterialItem } from '#contracts/material';
import type { ToolResult } from '#contracts/workflow';
import { oneLine } from './report.ts';

type FoundItem = ToolResult['items'][number];
export interface Source extends MaterialItem { /** where it comes from: library, web, upload … */ source: string; /** the tool's own id, e.g. `agents/agent-loop#the-loop` */ originId: string; sha256?: string }

/** What a run has read, each under a short id (m1, m2 …) that stays the same for the whole run, so that every citation can be
 * checked. Number items in the order of the plan, not of arrival: a re-run then asks the same prompts and finds what was paid. */
export class Sources {
  readonly all: Source[] = [];
  readonly #prefix: string;

  constructor(prefix = 'm') {
    this.#prefix = prefix;
  }

  /** @returns the items under their ids of this run; the same item keeps its id */
  add(items: readonly FoundItem[]): Source[] {
    return items.map((item) => {
      const known = this.all.find((source) => source.originId === item.id);
      if (known) return known;
      const source: Source = { id: `${this.#prefix}${this.all.length + 1}`, title: item.title, url: item.url, text: item.text, source: item.source, originId: item.id, ...(item.sha256 ? { sha256: item.sha256 } : {}) };
      this.all.push(source);
      return source;
    });
  }

  /** Material that came with the inputs or was made in this run. */
  addText(originId: string, title: string, text: string, source = 'input'): Source {
    return this.add([{ id: originId, title, url: null, source, snippet: '', text }])[0] as Source;
  }

  byId(id: string): Source | undefined {
    return this.all.find((source) => source.id === id);
  }

  /** Deterministic: which citations of these texts were read in this run, and which figures stand without one. */
  check(texts: readonly string[]): CitationReport {
    return checkCitations(texts.join('\n\n'), this.all.map((source) => source.id));
  }

  /** The section that closes a report: what was read, what is cited and not read, which figures nobody vouches for. */
  markdown(texts: readonly string[], heading = '## Sources'): string {
    const report = this.check(texts);
    if (this.all.length === 0) return `${heading}\n\nNo material was found, so nothing here is backed by a source.`;
    const lines = this.all.map((source) => `- [${source.id}] ${oneLine(source.title)} — ${source.source}${source.url ? `, <${source.url}>` : `, ${source.originId}`}`);
    const unresolved = report.unresolved.length > 0 ? `\n\n**Unresolved:** ${report.unresolved.map((id) => `[${oneLine(id)}]`).join(', ')} — cited but never read in this run.` : '';
    const numbers = report.uncitedNumbers.slice(0, 12).map(({ number, sentence }) => `- ${number} in “${oneLine(sentence).slice(0, 140)}”`);
    const bare = numbers.length > 0 ? `\n\n**Figures without a citation:**\n\n${numbers.join('\n')}` : '';
    return `${heading}\n\n${lines.join('\n')}\n\n${describeCitations(report)}${unresolved}${bare}`;
  }
}
