import { workflowTypeOf, type OwnSnapshot } from './definition.ts';

/** A written workflow as a folder of the catalog: code that compiles and runs in a clone of this platform, to be changed there by
 * people who write code. Its definition is data beside it; form, plan and steps come from the same functions as before. Pure.
 * @returns files by their name in `workflows/catalog/<folder>/`, and what is left to do by hand */
export function toCatalog(snapshot: OwnSnapshot, version: number): { folder: string; files: Record<string, string>; todo: string[] } {
  const { slug, name } = snapshot.definition;
  const type = workflowTypeOf(slug).replace(/^own\./, '');
  const folder = slug.replaceAll('_', '-');
  const entry = `${type}Definition`;
  return {
    folder,
    files: {
      'data.ts': `import type { OwnSnapshot } from '#contracts/own/definition';\n\n/** ${words(name)}: exported from version ${version}. */\nexport const VERSION = ${version};\nexport const SNAPSHOT = ${literal(snapshot)} as unknown as OwnSnapshot;\n`,
      'definition.ts': `import type { CatalogEntry } from '#contracts/catalog.schema';\nimport { entryOf } from '#contracts/own/entry.schema';\nimport { SNAPSHOT, VERSION } from './data.ts';\n\nexport const ${entry}: CatalogEntry = { ...entryOf(SNAPSHOT, VERSION), workflowType: '${type}' };\n`,
      'workflow.ts': `import type { RunRequest, RunResult } from '#contracts/workflow';\nimport { ownWorkflow } from '#workflows/own/workflow';\nimport { SNAPSHOT } from './data.ts';\n\n/** ${words(name)}. */\nexport async function ${type}(request: RunRequest): Promise<RunResult> {\n  return ownWorkflow({ ...request, own: SNAPSHOT });\n}\n`,
    },
    todo: [`Put the folder into workflows/catalog/${folder}/.`, `Add ${entry} to workflows/catalog/index.ts.`, `Add to workflows/index.ts: export { ${type} } from './catalog/${folder}/workflow.ts';`, `Archive or rename the written workflow ${slug} first: a slug has one owner.`],
  };
}

/** JSON is TypeScript but for two line ends. */
const literal = (value: unknown): string => JSON.stringify(value, null, 2).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
const words = (text: string): string => text.replaceAll('*/', '* /').replace(/\s+/g, ' ');
