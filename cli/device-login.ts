import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { DeviceStartWire, DeviceTokenWire } from '#contracts/api/device.schema';
import { ApiClient } from './api-client.ts';
import type { Context } from './context.ts';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';

const SLOWER_SECONDS = 5;

/** Sign-in by a code that the person confirms in the browser (the flow of RFC 8628). Ctrl-C ends it; nothing is kept then.
 * @returns an API token @throws CliError when it was refused or its time ran out */
export async function deviceToken({ output, interrupted }: Pick<Context, 'output' | 'interrupted'>, url: string, pause: (ms: number) => Promise<unknown> = (ms) => wait(ms, undefined, { signal: interrupted })): Promise<string> {
  const client = new ApiClient({ url, token: null, source: 'login' });
  const started = await client.post<DeviceStartWire>('/api/v1/session/device', { body: { client_name: hostname().slice(0, 100) || 'command line' }, signal: interrupted });
  output.say(`Open ${started.verification_uri_complete}\nand confirm the code ${started.user_code} there, within ${Math.round(started.expires_in / 60)} minutes. Confirm only what you started yourself.`);
  for (let { interval } = started, waited = 0; waited < started.expires_in; waited += interval) {
    await pause(interval * 1000).catch(() => { throw new CliError('Nothing was changed.', null, EXIT.interrupted); });
    const { state, access_token } = await client.post<DeviceTokenWire>('/api/v1/session/device/token', { body: { device_code: started.device_code } });
    if (state === 'granted' && access_token) return access_token;
    if (state === 'access_denied') throw new CliError('The sign-in was refused in the browser.', null, EXIT.auth);
    if (state === 'expired_token') break;
    if (state === 'slow_down') interval += SLOWER_SECONDS;
  }
  throw new CliError('Nobody confirmed the code in time.', 'Run "awp login" again.', EXIT.auth);
}
