import type { ReadUploadData } from '#contracts/data-tools';
import type { Step } from '../stages/step.ts';

/** Calls of `read_upload` a file at most, of 12 sections each. */
const MOST_READS = { test: 1, full: 4 } as const;

/** An uploaded document as one text. @param label  begins the ids of its sections @param trouble  gets a sentence when it cannot be read
 * or is cut @returns null when it cannot be read */
export async function readUploadText(step: Step, upload: string, label: string, stage: 'test' | 'full', trouble: string[]): Promise<{ fileName: string; text: string; items: Awaited<ReturnType<Step['tool']>>['items'] } | null> {
  const items: Awaited<ReturnType<Step['tool']>>['items'] = [];
  let fileName = '';
  let from: number | null = 1;
  for (let reads = 0; from !== null && reads < MOST_READS[stage]; reads += 1) {
    const result = await step.tool('read_upload', { upload, label, from, sections: 12 });
    const data = result.data as ReadUploadData | undefined;
    if (result.outcome !== 'ok' || !data) {
      trouble.push(`A file could not be read: ${result.summary}`);
      return items.length === 0 ? null : { fileName, text: items.map(({ text }) => text).join('\n\n'), items };
    }
    fileName = data.file_name;
    items.push(...result.items);
    from = data.next;
  }
  if (from !== null) trouble.push(`${fileName} is longer than what is read at once; the first ${items.length} sections were used.`);
  return { fileName, text: items.map(({ text }) => text).join('\n\n'), items };
}
