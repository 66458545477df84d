import type { Command } from 'commander';
import type { PauseWire } from '#contracts/api/pause.schema';
import { leaf, type CommonOptions, type Host } from '../context.ts';

/** The kill switch. */
export function addPause(host: Host, program: Command): void {
  leaf<CommonOptions & { reason: string }>(host, program.command('pause').description('Stop all model calls of everybody at once (administrators); runs wait and go on after `awp resume`').requiredOption('--reason <words>', 'shown on every run that waits'), ['awp pause --reason "a key has leaked"'], async ({ client, output }, _, { reason }) => {
    const pause = await client.put<PauseWire>('/api/v1/pause', { body: { paused: true, reason } });
    if (output.json) output.document(pause);
    output.say(`No model is called any more since ${pause.since}. Runs wait; calls that were under way end by themselves.`);
  });
  leaf(host, program.command('resume').description('Let model calls go on after `awp pause` (administrators)'), ['awp resume'], async ({ client, output }) => {
    const pause = await client.put<PauseWire>('/api/v1/pause', { body: { paused: false } });
    if (output.json) output.document(pause);
    output.say('Model calls go on. Runs look again within a tenth of the pause, at most five minutes.');
  });
}
