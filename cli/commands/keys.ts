import type { Command } from 'commander';
import type { RotatedKeysWire } from '#contracts/api/audit.schema';
import { leaf, type Host } from '../context.ts';
import { EXIT } from '../exit-codes.ts';

export function addKeys(host: Host, program: Command): void {
  const keys = program.command('keys').description('The master key (administrators)');
  leaf(host, keys.command('rotate').description('Wrap all stored secrets by the present master key, while runs go on. Exit 3 when one could not be read'), ['awp keys rotate'], async ({ client, output }) => {
    const done = await client.post<RotatedKeysWire>('/api/v1/keys/rotate', {});
    if (output.json) output.document(done);
    else output.data(`key ${done.kid}: ${done.rewrapped} rewrapped, ${done.already} were already, ${done.second_factors} second factors, ${done.payload_keys} keys of old histories kept, ${done.unreadable} unreadable`);
    output.say(done.unreadable > 0 ? 'Put the master key they were made with into AWP_PREVIOUS_MASTER_KEYS, restart, and say it again.' : 'The old key may go from AWP_PREVIOUS_MASTER_KEYS. Evidence that it signed can then no longer be verified here.');
    return done.unreadable > 0 ? EXIT.validation : EXIT.ok;
  });
}
