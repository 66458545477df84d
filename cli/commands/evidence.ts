import type { Command } from 'commander';
import { leaf, type Host } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { readInputs } from '../inputs.ts';

interface Verdict { valid: boolean; reason: string | null; detail: string; fresh: boolean | null; fresh_until: string | null }

export function addEvidence(host: Host, program: Command): void {
  const evidence = program.command('evidence').description('Signed proof of a passed Test');
  leaf(host, evidence.command('verify').argument('<file>', 'an evidence.json; - reads stdin').description('Is it signed by this platform and unchanged? Exit 3 when not'), ['awp evidence verify evidence.json'], async ({ client, output, terminal }, [file = '']) => {
    const verdict = await client.post<Verdict>('/api/v1/evidence/verify', { body: await readInputs(file, terminal.stdin) });
    if (output.json) output.document(verdict);
    else output.data(`${verdict.valid ? 'valid' : `not valid (${verdict.reason})`}${verdict.fresh === null ? '' : verdict.fresh ? `, fresh until ${verdict.fresh_until}` : ', no longer fresh'}`);
    output.say(verdict.detail);
    return verdict.valid ? EXIT.ok : EXIT.validation;
  });
}
