import { allSteps, type OwnDefinition } from './definition.ts';

/** The files a definition makes: its outputs, or one with everything when it names none, and those of its artifact steps. */
const TYPES: Record<string, string> = { md: 'text/markdown', txt: 'text/plain', json: 'application/json', csv: 'text/csv' };
export const mimeTypeOf = (fileName: string): string => TYPES[fileName.split('.').at(-1) ?? ''] ?? 'text/plain';
export function filesOf(definition: OwnDefinition): { key: string; fileName: string; mimeType: string; title: string }[] {
  const outputs = definition.outputs.length > 0 ? definition.outputs : [{ file_name: 'result.md', title: definition.name }];
  const made = allSteps(definition.steps).flatMap((step) => (step.type === 'artifact' ? [{ file_name: step.file_name, title: step.title }] : []));
  return [...outputs, ...made].map((file) => ({ key: file.file_name.replace(/[^a-zA-Z0-9]+/g, '_').toLowerCase(), fileName: file.file_name, mimeType: mimeTypeOf(file.file_name), title: file.title }));
}
