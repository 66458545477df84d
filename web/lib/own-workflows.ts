import { queryOptions } from '@tanstack/react-query';
import { isNode, LineCounter, parseDocument, stringify } from 'yaml';
import type { OwnWorkflowWire } from '#contracts/api/own-workflows.schema';
import type { SkillFile } from '#contracts/own/from-skill';
import { apiResponse } from './api-client';

/** Reads and words of the page of written workflows. */
export interface Found { pointer: string; detail: string; /** from 1; null = the whole */ line: number | null; severity: 'error' | 'warning' }
export interface Loaded { wire: OwnWorkflowWire; etag: string }

export const definitionQuery = (slug: string) => queryOptions({
  queryKey: ['workflows', slug, 'definition'], retry: false, staleTime: Infinity,
  async queryFn({ signal }): Promise<Loaded> {
    const response = await apiResponse(`/api/v1/workflows/${encodeURIComponent(slug)}/definition`, { signal });
    const wire = await response.json() as OwnWorkflowWire;
    return { wire, etag: response.headers.get('etag') ?? '' };
  },
});

export const toYaml = (definition: unknown): string => stringify(definition, { aliasDuplicateObjects: false, lineWidth: 120 });

/** The slug that a name gives: as the API makes it. */
export const slugFrom = (name: string): string => name.toLowerCase().normalize('NFKD').replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '').slice(0, 50) || 'my_workflow';

const MOST_SKILL_FILES = 200;
const MOST_SKILL_FILE_BYTES = 1_000_000;

/** A skill folder that was chosen in the browser, or a SKILL.md alone: as the command line reads one, big files left out. */
export async function skillFiles(files: readonly File[]): Promise<{ folder: string; files: SkillFile[] }> {
  const [folder = 'skill'] = (files[0]?.webkitRelativePath ?? '').split('/').filter(Boolean);
  const texts = files.filter(({ name }) => !name.startsWith('.')).slice(0, MOST_SKILL_FILES).map(async (file) => ({ path: file.webkitRelativePath.split('/').slice(1).join('/') || 'SKILL.md', text: file.size > MOST_SKILL_FILE_BYTES ? '' : await file.text() }));
  return { folder: files.length === 1 && files[0]?.webkitRelativePath === '' ? files[0].name.replace(/\.md$/i, '') : folder, files: await Promise.all(texts) };
}

export const SKELETON = `slug: my_workflow
name: My workflow
description: What a person holds afterwards.
personas: [student]
inputs:
  schema:
    type: object
    properties:
      topic: { type: string, title: Topic, description: What it is about, minLength: 3 }
    required: [topic]
steps:
  - type: prompt
    key: write
    title: Write
    prompt: Write a paragraph on {{topic}}.
    max_tokens: 300
    output_variable: text
  - type: validate
    key: check
    source: text
    rules: [{ rule: not_empty }]
outputs:
  - { file_name: result.md, title: Result, content: "{{text}}" }
`;

/** The text as a definition, or why it is none, with its line. */
export function readYaml(text: string): { definition: Record<string, unknown> | null; problems: Found[] } {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, uniqueKeys: true });
  const problems = document.errors.map((error): Found => ({ pointer: '#', detail: error.message.split('\n')[0] ?? '', line: counter.linePos(error.pos[0]).line, severity: 'error' }));
  if (problems.length > 0) return { definition: null, problems };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 20 });
  } catch (error) {
    return { definition: null, problems: [{ pointer: '#', detail: error instanceof Error ? error.message : 'cannot be read', line: null, severity: 'error' }] };
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return { definition: null, problems: [{ pointer: '#', detail: 'must be an object with slug, name and steps', line: 1, severity: 'error' }] };
  return { definition: value as Record<string, unknown>, problems: [] };
}

/** Where a JSON Pointer stands in the text: its own line, or that of the nearest part above it that is written. */
export function lineOf(text: string, pointer: string): number | null {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const path = pointer.replace(/^#\/?(?:definition\/?)?/, '').split('/').filter(Boolean).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return counter.linePos(node.range[0]).line;
  }
  return null;
}
