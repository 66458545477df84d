import { PauseBody, PauseSchema, type PauseWire } from '#contracts/api/pause.schema';
import { appendAuditEvent } from '#platform/repositories/audit';
import { clearPause, readPause, writePause } from '#platform/repositories/workspace-settings';
import { defineEndpoint } from '../../endpoint.ts';

const toWire = (pause: Awaited<ReturnType<typeof readPause>>): PauseWire => ({ paused: pause !== null, reason: pause?.reason ?? null, since: pause ? new Date(pause.since).toISOString() : null, by: pause?.by ?? null });

export const getPause = defineEndpoint({
  method: 'get', path: '/api/v1/pause', operationId: 'getPause', tag: 'System', summary: 'Are model calls paused?', permission: 'signed-in', audit: 'none',
  answers: { 200: { description: 'As it is now', schema: PauseSchema } }, errors: [],
  handler: (deps) => async () => ({ status: 200, body: toWire(await readPause(deps.db)) }),
});

export const putPause = defineEndpoint({
  method: 'put', path: '/api/v1/pause', operationId: 'changePause', tag: 'System', summary: 'Pause or resume all model calls', permission: 'settings:manage', audit: ['platform.paused', 'platform.resumed'], body: PauseBody,
  description: 'The kill switch. No model call begins after it, of anybody; what is under way ends by itself. Runs wait with the reason, also over restarts, and go on after `paused: false`: within seconds after a short pause, within five minutes after a long one.',
  answers: { 200: { description: 'As it is now', schema: PauseSchema } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ principal, body, audit }) => {
    const after = await deps.db.$transaction(async (tx) => {
      const pause = body.paused ? await writePause(tx, body.reason ?? '', principal.userId) : null;
      const changed = body.paused || await clearPause(tx);
      if (changed) await appendAuditEvent(tx, audit({ type: body.paused ? 'platform.paused' : 'platform.resumed', resource: 'setting/pause', data: { reason: body.reason ?? null } }));
      return pause;
    });
    return { status: 200, body: toWire(after) };
  },
});
