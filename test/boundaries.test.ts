import { builtinModules } from 'node:module';
import { describe, expect, it } from 'vitest';
import { importsOf, readSource, sourceFiles, type ImportStatement } from './support/imports.ts';

/** Who may import whom: the table of the style guide as code. The build alone would let web import a workflow. */
interface Room {
  name: string;
  files: { test(file: string): boolean };
  /** Our own files that may be imported as values, from the project root without extension. */
  values: RegExp;
  /** Our own files of which only types may be imported, besides `values`. */
  types?: RegExp;
  /** npm packages and Node built-ins: absent = all. */
  packages?: RegExp;
  typePackages?: RegExp;
}

/** All of workflows/ runs in the sandbox but the definitions and the list of them. */
const DEFINITION_FILE = /^workflows\/(catalog\/(index|define[^/]*|[^/]+\/definition)|definition[^/]*)(\.ts)?$/;
const SANDBOX = { test: (file: string) => file.startsWith('workflows/') && !DEFINITION_FILE.test(file) };
const PLAIN_CONTRACT = 'contracts/(?!.*\\.schema$)';
const DEFINITIONS = 'workflows/(catalog/(index$|define[^/]*$|[^/]+/definition$)|messages$|definition[^/]*$)';
const NONE = /^$/;

/** The first room that fits a file holds. */
const ROOMS: readonly Room[] = [
  { name: 'contracts, schemas', files: /^contracts\/.*\.schema\.ts$/, values: /^contracts\//, packages: /^zod$/ },
  // Languages that people write conditions and patterns in: kept libraries without eval, clock or I/O.
  { name: 'contracts, expressions and patterns', files: /^contracts\/own\/(?:expressions|patterns)\.ts$/, values: NONE, packages: /^(@marcbachmann\/cel-js|re2js)$/ },
  { name: 'contracts, plain data', files: /^contracts\//, values: new RegExp(`^${PLAIN_CONTRACT}`), types: /^contracts\//, packages: NONE, typePackages: /^zod$/ },
  {
    name: 'workflows, sandbox',
    files: SANDBOX,
    values: new RegExp(`^(${PLAIN_CONTRACT}|workflows/(?!catalog/index$|catalog/define|.*/definition$|definition))`),
    types: /^(contracts|activities|workflows)\//,
    packages: /^(@temporalio\/workflow|@cfworker\/json-schema)$/,
    typePackages: /^@temporalio\/(workflow|common)$/,
  },
  // Beside its own data files (sizes, texts); never the function or what it is made of.
  { name: 'workflows, definitions', files: /^workflows\//, values: new RegExp(`^(contracts/|${DEFINITIONS}|workflows/catalog/[^/]+/(?!workflow$|prompts$))`), packages: /^zod$/ },
  { name: 'activities', files: /^activities\//, values: new RegExp(`^(activities|contracts|platform|${DEFINITIONS})`) },
  { name: 'platform', files: /^platform\//, values: /^(platform|contracts|prisma)\// },
  { name: 'worker', files: /^worker\//, values: /^(worker|activities|platform|contracts)\// },
  { name: 'api', files: /^api\//, values: new RegExp(`^(api|contracts|platform|${DEFINITIONS})`) },
  { name: 'web', files: /^web\//, values: /^(web|contracts)\// },
  { name: 'cli', files: /^cli\//, values: /^(cli|contracts)\// },
  { name: 'simulator', files: /^simulator\//, values: /^(simulator|contracts)\// },
  { name: 'scripts and tests', files: /^(scripts|test)\//, values: /./ },
];

const files = sourceFiles();
const product = files.filter((file) => !/\.test\.tsx?$|^test\/|__fixtures__/.test(file));
const imports = product.flatMap((file) => importsOf(file));
const OWN_FOLDER = /^(contracts|workflows|activities|platform|worker|api|web|cli|simulator|prisma|scripts|test)\//;
const isOwn = (statement: ImportStatement) => OWN_FOLDER.test(statement.target) && /^[.#]|^@\//.test(statement.specifier);
const told = (statement: ImportStatement) => `${statement.file}:${statement.line} imports ${statement.typeOnly ? 'the type of ' : ''}${statement.specifier}`;

function isAllowed(room: Room, statement: ImportStatement): boolean {
  if (isOwn(statement)) return room.values.test(statement.target) || (statement.typeOnly && room.types?.test(statement.target) === true);
  if (room.packages === undefined || room.packages.test(statement.target)) return true;
  return statement.typeOnly && room.typePackages?.test(statement.target) === true;
}

describe('imports between folders', () => {
  it.each(ROOMS)('$name imports only what the table allows', (room) => {
    const own = imports.filter((statement) => ROOMS.find(({ files: pattern }) => pattern.test(statement.file)) === room);
    expect(own.filter((statement) => !isAllowed(room, statement)).map(told)).toEqual([]);
  });

  it('relative imports stay inside their folder; across folders the #map is used', () => {
    const leaving = imports.filter(({ file, specifier, target }) => specifier.startsWith('.') && target !== 'package.json' && target.split('/')[0] !== file.split('/')[0]);
    expect(leaving.map(told)).toEqual([]);
  });
});

/** Package, where it must not appear, and why. */
const BANNED: readonly { packages: RegExp; files: RegExp; but?: RegExp; why: string }[] = [
  { packages: /^(ajv|@rjsf\/validator-ajv8)/, files: /^web\//, why: 'generates code, which the strict CSP refuses' },
  { packages: /^(?:streamdown|remark-|rehype-|marked$|react-markdown)/, files: /^web\//, but: /\/safe-markdown[^/]*\.tsx$/, why: 'only the hardened SafeMarkdown may render markdown' },
  { packages: /^typescript$/, files: /./, why: 'version 7 has no JavaScript API' },
  { packages: /^(pg|@prisma\/|@temporalio\/|node:|express$|pino$)/, files: /^web\//, but: /^web\/((next\.config|proxy)\.|lib\/(?:drain|forwarded-for)\.ts$)/, why: 'web holds no secret and decides nothing' },
  { packages: /^(openai|@anthropic-ai\/|@google\/generative-ai)/, files: /./, but: /^activities\/providers\//, why: 'only provider adapters know a vendor' },
  { packages: /^@temporalio\/(worker|core-bridge|testing)/, files: /./, but: /^(worker|scripts)\//, why: 'only the worker process hosts workflows' },
  { packages: /^(?:node:)?child_process$|^(?:node:)?vm$/, files: /^(api|activities|platform|worker|contracts|workflows|web)\//, but: /^(?:activities\/tools\/child\/run-child|worker\/fast-threads)\.ts$/, why: 'what is started is a file of ours, in one place; nothing that a person or a model wrote is a command or code' },
  // One storage with one safeJoin (platform/storage); what else reads a file reads our own or the administrator's.
  { packages: /^(?:node:)?fs(?:\/promises)?$/, files: /^(api|activities|platform|worker|contracts|workflows)\//, but: /^(?:platform\/(?:storage\/disk-storage|config|provider-catalog|temporal|secrets\/vault-client)|activities\/tools\/(?:library\/load-library|data\/table-file|child\/(?:run-child|answer))|worker\/workflow-bundle|api\/(?:openapi\/write|samples))\.ts$/, why: 'a path made of what a person sent exists in one place only' },
  { packages: /^@prisma\/|^#prisma/, files: /./, but: /^(platform|scripts)\//, why: 'only platform/ talks to the database' },
];

describe('banned imports', () => {
  it.each(BANNED)('$packages: $why', ({ packages, files: where, but }) => {
    const found = imports.filter(({ file, specifier }) => packages.test(specifier) && where.test(file) && but?.test(file) !== true);
    expect(found.map(told)).toEqual([]);
  });

  it('sandbox files name no Node built-in', () => {
    const builtins = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)]);
    expect(imports.filter(({ file, specifier }) => SANDBOX.test(file) && builtins.has(specifier)).map(told)).toEqual([]);
  });
});

describe('habits', () => {
  it('the environment is read in platform/config.ts alone', () => {
    // The simulator and web import no platform code; scripts run before and around it.
    const readers = /^(scripts\/|cli\/|platform\/config\.ts$|worker\/fast-threads\.ts$|simulator\/main\.ts$|web\/(proxy\.|instrumentation\.|next\.config\.|app\/api\/v1\/uploads\/route\.))/;
    expect(product.filter((file) => !readers.test(file) && /process\.env\b/.test(readSource(file)))).toEqual([]);
  });

  it('no file is longer than 300 lines', () => {
    const long = files.map((file) => ({ file, lines: readSource(file).split('\n').length - 1 })).filter(({ lines }) => lines > 300);
    expect(long).toEqual([]);
  });
});

describe('the scanner', () => {
  it('sees every form of import, and no comment', () => {
    const text = [
      "import a from 'a';",
      "import type { B } from 'b';",
      "import { type C,\n  d } from 'c';",
      "export * from './e.ts';",
      "export type { F } from '#contracts/f';",
      "import 'g';",
      "const h = await import('h');",
      "// import i from 'i';",
      "/* import j from 'j'; */",
      "type K = typeof import('k');",
      "import type from 'l';",
    ].join('\n');
    const seen = importsOf('api/x.ts', text).map(({ specifier, typeOnly, target }) => [specifier, typeOnly, target]);
    expect(seen.sort((left, right) => String(left[0]).localeCompare(String(right[0])))).toEqual([
      ['./e.ts', false, 'api/e'],
      ['#contracts/f', true, 'contracts/f'],
      ['a', false, 'a'],
      ['b', true, 'b'],
      ['c', false, 'c'],
      ['g', false, 'g'],
      ['h', false, 'h'],
      ['k', true, 'k'],
      ['l', false, 'l'],
    ]);
  });
});
