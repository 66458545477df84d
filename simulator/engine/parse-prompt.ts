import type { SimulatedRequest } from '../request.ts';

/** The parts of a prompt, as its tags mark them. Whatever stands outside of the tags is instruction. */
export interface PromptInput { name: string; value: string }
export interface Material { id: string; title: string; url: string; text: string }
export interface ParsedPrompt {
  /** everything outside of the tags */
  instruction: string;
  /** what to do now: the text after the last "Task:", else what the user wrote outside of the tags, else the instruction */
  task: string;
  inputs: PromptInput[];
  materials: Material[];
  /** a JSON Schema written into the prompt (`<json_schema>`), for endpoints that only know "a JSON object" */
  schemaInText: Record<string, unknown> | null;
}

const TAG = /<(input|material)\s+([^>]*)>([\s\S]*?)<\/\1>|<json_schema>([\s\S]*?)<\/json_schema>/g;
const ATTRIBUTE = /([\w-]+)="([^"]*)"/g;

export function parsePrompt(request: Pick<SimulatedRequest, 'system' | 'turns'>): ParsedPrompt {
  const prompt: ParsedPrompt = { instruction: '', task: '', inputs: [], materials: [], schemaInText: null };
  const system = readTags(request.system, prompt);
  const said = request.turns.filter((turn) => turn.role === 'user').map((turn) => readTags(turn.text, prompt).trim());
  const results = request.turns.filter((turn) => turn.role === 'tool');
  // "No search engine is configured." is an answer of its own only where nothing else came back.
  const readable = results.filter((turn) => isReadable(turn.text));
  for (const turn of readable.length > 0 ? readable : results) readToolResult(turn.text, turn.name, prompt);
  prompt.instruction = [system, ...said].join('\n').trim();
  const own = said.filter(Boolean).join('\n');
  prompt.task = (own.includes('Task:') ? own.slice(own.lastIndexOf('Task:') + 5) : own || prompt.instruction).trim();
  return prompt;
}

/** Moves the tagged parts into `prompt`. @returns what stood outside of them */
function readTags(text: string, prompt: ParsedPrompt): string {
  return text.replace(TAG, (_whole, tag: string | undefined, rawAttributes = '', body = '', schema = '') => {
    const attributes = Object.fromEntries([...rawAttributes.matchAll(ATTRIBUTE)].map((match) => [match[1], unescape(match[2] ?? '')]));
    if (tag === 'input') prompt.inputs.push({ name: attributes.name ?? 'input', value: opened(body) });
    else if (tag === 'material') addMaterial(prompt, { id: attributes.id ?? '', title: attributes.title ?? '', url: attributes.url ?? '', text: opened(body) });
    else prompt.schemaInText = parseObject(schema);
    return '\n';
  });
}

/** Whether a tool's result brought something to read: marked material, JSON, or prose of some length. */
export const isReadable = (result: string): boolean => /<material\s/.test(result) || /^\s*[[{]/.test(result) || result.length > 800;

/** A tool's result is material: tagged, JSON with titles and texts in it, or plain text. */
function readToolResult(text: string, toolName: string, prompt: ParsedPrompt): void {
  const before = prompt.materials.length;
  const rest = readTags(text, prompt);
  if (prompt.materials.length > before) return;
  const items = jsonItems(rest);
  for (const item of items) {
    const body = firstText(item, ['text', 'content', 'extract', 'summary', 'abstract', 'snippet', 'description', 'body', 'answer']);
    const title = firstText(item, ['title', 'name', 'heading']);
    if (body || title) addMaterial(prompt, { id: firstText(item, ['id', 'material_id', 'source_id']), title, url: firstText(item, ['url', 'link', 'href']), text: body });
  }
  if (prompt.materials.length === before && rest.trim()) addMaterial(prompt, { id: '', title: toolName.replace(/[_-]+/g, ' '), url: '', text: items.length > 0 ? jsonWords(rest) : rest.trim() });
}

function addMaterial(prompt: ParsedPrompt, material: Material): void {
  let number = prompt.materials.length + 1;
  while (!material.id && prompt.materials.some((other) => other.id === `m${number}`)) number += 1;
  prompt.materials.push({ ...material, id: material.id || `m${number}` });
}

function jsonItems(text: string): Record<string, unknown>[] {
  let value: unknown;
  try { value = JSON.parse(text); } catch { return []; }
  const found: Record<string, unknown>[] = [];
  const walk = (node: unknown, depth: number): void => {
    if (depth > 4 || found.length >= 50) return;
    if (Array.isArray(node)) node.forEach((child) => { walk(child, depth + 1); });
    else if (node !== null && typeof node === 'object') {
      const record = node as Record<string, unknown>;
      const before = found.length;
      for (const child of Object.values(record)) if (typeof child === 'object') walk(child, depth + 1);
      if (found.length === before) found.push(record);
    }
  };
  walk(value, 0);
  return found;
}

function jsonWords(text: string): string {
  return text.replace(/[{}[\]"]/g, ' ').replace(/\s+/g, ' ').trim();
}

function firstText(record: Record<string, unknown>, names: string[]): string {
  for (const name of names) { const value = record[name]; if (typeof value === 'string' && value.trim()) return value.trim(); }
  return '';
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch { return null; }
}

/** The prompt builder writes a tag-like "<" of the material as &lt; and nothing else. */
function opened(body: string): string {
  return body.replaceAll('&lt;', '<').trim();
}

function unescape(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|#39|amp);/g, (_whole, name: string) => ({ lt: '<', gt: '>', quot: '"', apos: "'", '#39': "'", amp: '&' })[name] ?? '');
}
