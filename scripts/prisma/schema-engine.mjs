#!/usr/bin/env node
// Prisma's schema engine without its downloaded binary. The Prisma CLI starts whatever PRISMA_SCHEMA_ENGINE_BINARY names
// and talks line-based JSON-RPC on stdin/stdout; this file answers with the same engine compiled to WASM (an npm package)
// on the `pg` driver. `generate`, `migrate deploy|status|resolve` and `diff --from-empty|--from-schema` work, offline.
// Whatever introspects (`migrate dev`, `db pull`, `db push`) does not: PostgreSQL's "char" columns are not decoded there.
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';

/** The engine panics on an empty list of datamodels, so commands that carry none get this one. */
const STUB_DATAMODEL = 'datasource db {\n  provider = "postgresql"\n}\n';
const RENAMED_METHODS = { getDatabaseVersion: 'version' };

/** Separate fields, not a connection string: a string would override the database name of the shadow database. */
function connectionFields(url) {
  const parsed = new URL(url);
  return {
    host: parsed.searchParams.get('host') ?? decodeURIComponent(parsed.hostname),
    port: Number(parsed.port || 5432),
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
    database: decodeURIComponent(parsed.pathname.slice(1)),
    // As the product's own pool reads it: sslmode, and the authority of sslrootcert.
    ssl: new pg.Client({ connectionString: url }).ssl || undefined,
  };
}

function parseArguments(args) {
  const options = { datamodels: [], datasourceUrl: undefined, command: undefined };
  for (let at = 0; at < args.length; at += 1) {
    if (args[at] === '--datamodels') options.datamodels.push(args[(at += 1)]);
    else if (args[at] === '--datasource') options.datasourceUrl = JSON.parse(args[(at += 1)]).url;
    else if (args[at] === 'cli') options.command = args[(at += 1)];
  }
  options.datasourceUrl ??= process.env.DATABASE_URL;
  return options;
}

async function loadEngineClass() {
  const glueUrl = import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const glue = await import(glueUrl);
  const bytes = await readFile(fileURLToPath(new URL('schema_engine_bg.wasm', glueUrl)));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return glue.SchemaEngine;
}

/** The driver adapter cuts a script at every `;`, which breaks function bodies. PostgreSQL takes the script whole, in one
 * implicit transaction, as Prisma's own engine sends it. */
class WholeScriptPg extends PrismaPg {
  async connect() {
    return this.#whole(await super.connect());
  }

  async connectToShadowDb() {
    return this.#whole(await super.connectToShadowDb());
  }

  #whole(adapter) {
    const convert = adapter.onError.bind(adapter);
    adapter.executeScript = (script) => adapter.client.query(script).then(() => undefined, convert);
    return adapter;
  }
}

async function createEngine({ datamodels, datasourceUrl }) {
  const files = await Promise.all(datamodels.map(async (path) => [path, await readFile(path, 'utf8')]));
  const adapter = bindMigrationAwareSqlAdapterFactory(new WholeScriptPg(connectionFields(datasourceUrl)));
  const SchemaEngine = await loadEngineClass();
  const engine = await SchemaEngine.new(
    { datamodels: files.length > 0 ? files : [['stub.prisma', STUB_DATAMODEL]] },
    () => undefined,
    adapter,
  );
  return { engine, errorRegistry: adapter.errorRegistry };
}

const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

function rpcError(error, errorRegistry, panicMessage) {
  const driverError = typeof error?.id === 'number' ? errorRegistry?.consumeError(error.id)?.error : undefined;
  const message = panicMessage ?? driverError?.message ?? error?.message ?? String(error);
  return {
    code: 4466,
    message,
    data: { is_panic: panicMessage !== undefined, message, meta: error?.meta ?? null, error_code: error?.code ?? null },
  };
}

/** Serves requests one after the other, in the order they came, until the CLI closes stdin. */
async function serve(options) {
  let panicMessage;
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => (panicMessage = message) };
  let started;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    const request = JSON.parse(line);
    if (request.method === undefined) continue; // the CLI's acknowledgement of our `print`
    try {
      started ??= await createEngine(options);
      const result = await started.engine[RENAMED_METHODS[request.method] ?? request.method](request.params);
      if (request.method === 'diff' && result.stdout) send({ id: request.id, method: 'print', params: { content: result.stdout } });
      send({ id: request.id, result: result ?? {} });
    } catch (error) {
      send({ id: request.id, error: rpcError(error, started?.errorRegistry, panicMessage) });
    }
  }
}

const PRISMA_CODES = { ECONNREFUSED: 'P1001', ENOTFOUND: 'P1001', ETIMEDOUT: 'P1001', '28P01': 'P1000', '28000': 'P1000', '3D000': 'P1003' };

/** The two one-shot commands. Failures go to stderr in the engine's own log format, which the CLI parses. */
async function runCommand({ command, datasourceUrl }) {
  const fields = connectionFields(datasourceUrl);
  const client = new pg.Client({ ...fields, connectionTimeoutMillis: 5_000, ...(command === 'create-database' && { database: 'postgres' }) });
  try {
    await client.connect();
    if (command === 'create-database') await client.query(`CREATE DATABASE ${client.escapeIdentifier(fields.database)}`);
    await client.end();
    process.stdout.write('Connection successful\n');
  } catch (error) {
    const logged = { error_code: PRISMA_CODES[error.code] ?? 'P1011', message: `${fields.host}:${fields.port}/${fields.database}: ${error.message || error.code}` };
    process.stderr.write(`${JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields: logged })}\n`);
    process.exitCode = 1;
  }
}

const options = parseArguments(process.argv.slice(2));
if (process.argv.includes('--version')) process.stdout.write('schema-engine-wasm\n');
else if (options.command === undefined) await serve(options).finally(() => process.exit());
else await runCommand(options);
