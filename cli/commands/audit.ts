import type { Command } from 'commander';
import type { AuditEventWire, AuditVerdictWire } from '#contracts/api/audit.schema';
import { leaf, type CommonOptions, type Host } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { saveStream } from '../save-stream.ts';

interface ListOptions extends CommonOptions { type?: string; outcome?: string; limit?: string }
interface ExportOptions extends CommonOptions { type?: string; outcome?: string; from?: string; to?: string; csv?: boolean; output?: string; force?: boolean }
interface VerifyOptions extends CommonOptions { head?: string }

export function addAudit(host: Host, program: Command): void {
  const audit = program.command('audit').description('The audit log: who did what (administrators)');
  leaf<ListOptions>(host, audit.command('list').description('The newest events').option('--type <type>', 'a type, or its first part with a dot: run.').option('--outcome <outcome>', 'success, denied or failed').option('--limit <n>', 'how many', '50'), ['awp audit list --type session.', 'awp audit list --outcome denied'], async ({ client, output }, _, options) => {
    const query = new URLSearchParams(Object.entries({ type: options.type, outcome: options.outcome, limit: options.limit }).filter((entry): entry is [string, string] => entry[1] !== undefined));
    const events = await client.get<AuditEventWire[]>(`/api/v1/audit?${query.toString()}`);
    if (output.json) output.document(events);
    else for (const event of events) output.data(`${event.at}  ${String(event.sequence).padStart(6)}  ${event.type.padEnd(28)} ${event.outcome.padEnd(8)} ${(event.subject_name ?? event.actor_kind).padEnd(20)} ${event.resource ?? ''}`);
  });
  leaf<ExportOptions>(host, audit.command('export').description('The events as a file, newest first; the export is audited itself').option('--type <type>', 'a type, or its first part with a dot: run.').option('--outcome <outcome>', 'success, denied or failed').option('--from <time>', 'ISO time').option('--to <time>', 'ISO time')
    .option('--csv', 'for a spreadsheet; JSON lines otherwise').option('-o, --output <file>', 'where to').option('--force', 'over a file that is there'), ['awp audit export', 'awp audit export --from 2026-11-01T00:00:00Z --csv -o november.csv'], async ({ client, output, interrupted }, _, { type, outcome, from, to, csv, force, output: named }) => {
    const file = named ?? (csv ? 'audit.csv' : 'audit.ndjson');
    await saveStream(file, force === true, () => client.send('GET', '/api/v1/audit/export', { query: { format: csv ? 'csv' : 'json', type, outcome, from, to }, unbounded: true, signal: interrupted }));
    if (output.json) output.document({ file });
    else output.data(file);
  });
  leaf<VerifyOptions>(host, audit.command('verify').description('Is the log whole? Exit 3 when a row was changed, moved, put in or taken out').option('--head <sequence:hash>', 'an end of the log that was kept elsewhere: shows rows missing at the end'), ['awp audit verify', 'awp audit verify --head 1204:9f3c…'], async ({ client, output }, _, options) => {
    const verdict = await client.post<AuditVerdictWire>('/api/v1/audit/verify', { body: options.head === undefined ? {} : { head: headOf(options.head) } });
    if (output.json) output.document(verdict);
    else output.data(verdict.whole ? `whole: ${verdict.checked} events, head ${verdict.head ? `${verdict.head.sequence}:${verdict.head.hash}` : 'none'}` : `broken at ${verdict.broken_at}`);
    if (verdict.reason) output.say(verdict.reason);
    return verdict.whole ? EXIT.ok : EXIT.validation;
  });
}

function headOf(text: string): { sequence: number; hash: string } {
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (sequence === undefined || hash === undefined) throw new CliError('That is not a head: <sequence>:<64 hexadecimal digits>.', '`awp audit verify` prints the present one; the worker writes it to its log every day.', EXIT.usage);
  return { sequence: Number(sequence), hash };
}
