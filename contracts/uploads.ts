/** Files a person brings along: which kinds there are, how they are named, and where the inputs of a run point at them. */
export const UPLOAD_KINDS = ['pdf', 'docx', 'html', 'markdown', 'text', 'csv', 'json', 'parquet'] as const;
export type UploadKind = (typeof UPLOAD_KINDS)[number];

export const UPLOAD_KIND_INFO: Readonly<Record<UploadKind, { title: string; mimeType: string; extensions: readonly string[] }>> = {
  pdf: { title: 'PDF', mimeType: 'application/pdf', extensions: ['pdf'] },
  docx: { title: 'Word document', mimeType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', extensions: ['docx'] },
  html: { title: 'HTML page', mimeType: 'text/html', extensions: ['html', 'htm', 'xhtml'] },
  markdown: { title: 'Markdown', mimeType: 'text/markdown', extensions: ['md', 'markdown', 'mdx'] },
  text: { title: 'Text', mimeType: 'text/plain', extensions: ['txt', 'text', 'log', 'rst', 'tex', 'bib', 'yaml', 'yml', 'toml', 'ini', 'xml', 'sql', 'py', 'js', 'ts', 'tsx', 'jsx', 'java', 'go', 'rs', 'c', 'h', 'cpp', 'cs', 'rb', 'php', 'sh', 'r', 'ipynb'] },
  csv: { title: 'CSV', mimeType: 'text/csv', extensions: ['csv', 'tsv'] },
  json: { title: 'JSON', mimeType: 'application/json', extensions: ['json', 'jsonl', 'ndjson'] },
  parquet: { title: 'Parquet', mimeType: 'application/vnd.apache.parquet', extensions: ['parquet'] },
};
/** The kinds that profile_data, query_data and validate_data read; read_upload reads the others, and CSV and JSON as text. */
export const TABLE_KINDS = ['csv', 'json', 'parquet'] as const satisfies readonly UploadKind[];
export const DOCUMENT_KINDS = ['pdf', 'docx', 'html', 'markdown', 'text', 'csv', 'json'] as const satisfies readonly UploadKind[];

/** The kind that a file's name says, null when the name says nothing we know. */
export function kindOfFileName(fileName: string): UploadKind | null {
  const extension = /\.([A-Za-z0-9]{1,10})$/.exec(fileName)?.[1]?.toLowerCase();
  return extension === undefined ? null : UPLOAD_KINDS.find((kind) => UPLOAD_KIND_INFO[kind].extensions.includes(extension)) ?? null;
}

/** Top-level fields that take files, by the `x-ui` of a JSON Schema. */
export function uploadFields(schema: SchemaNode): { field: string; title: string; accept: UploadKind[]; required: boolean }[] {
  const required = Array.isArray(schema['required']) ? (schema['required'] as string[]) : [];
  return Object.entries(isObject(schema['properties']) ? schema['properties'] : {}).flatMap(([field, property]) => {
    const hints = isObject(property) ? property['x-ui'] : undefined;
    if (!isObject(property) || !isObject(hints) || hints['widget'] !== 'upload') return [];
    return [{ field, title: typeof property['title'] === 'string' ? property['title'] : field, accept: Array.isArray(hints['accept']) ? (hints['accept'] as UploadKind[]) : [...UPLOAD_KINDS], required: required.includes(field) }];
  });
}

export interface UploadReference { /** JSON Pointer below the inputs: `/dataset`, `/papers/0` */ pointer: string; id: string; accept: readonly UploadKind[] }
type SchemaNode = { [key: string]: unknown };
const isObject = (value: unknown): value is SchemaNode => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every upload that these inputs name, found by the `x-ui` of the entry's JSON Schema: fields, entries of lists, fields of
 * nested objects. @param schema  as inputJsonSchema gives it */
export function uploadReferences(schema: SchemaNode, inputs: unknown, pointer = ''): UploadReference[] {
  const hints = schema['x-ui'];
  if (isObject(hints) && hints['widget'] === 'upload') {
    const accept = Array.isArray(hints['accept']) ? (hints['accept'] as UploadKind[]) : UPLOAD_KINDS;
    const at = (id: unknown, where: string): UploadReference[] => (typeof id === 'string' && id !== '' ? [{ pointer: where, id, accept }] : []);
    return Array.isArray(inputs) ? inputs.flatMap((id, index) => at(id, `${pointer}/${index}`)) : at(inputs, pointer);
  }
  const branches = [...(Array.isArray(schema['anyOf']) ? schema['anyOf'] : []), ...(Array.isArray(schema['oneOf']) ? schema['oneOf'] : [])].filter(isObject);
  const below = branches.flatMap((branch) => uploadReferences(branch, inputs, pointer));
  const { items, properties } = schema;
  if (Array.isArray(inputs) && isObject(items)) return [...below, ...inputs.flatMap((item, index) => uploadReferences(items, item, `${pointer}/${index}`))];
  if (isObject(inputs) && isObject(properties)) {
    return [...below, ...Object.entries(properties).flatMap(([key, child]) => (isObject(child) && Object.hasOwn(inputs, key) ? uploadReferences(child, inputs[key], `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`) : []))];
  }
  return below;
}
