import { UserParams } from '#contracts/api/accounts.schema';
import { CodedError, notFound } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { erasePerson, personalData } from '#platform/repositories/privacy';
import { defineEndpoint, HANDLED } from '../../endpoint.ts';

const asText = (_name: string, value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);

export const getAccountExport = defineEndpoint({
  method: 'get', path: '/api/v1/account/export', operationId: 'exportAccount', tag: 'Session', summary: 'All that is kept about me', description: 'One JSON object a line, `{kind, row}`: account, sessions, tokens, settings, uploads, written workflows, runs, model calls, artifacts, decisions, audit events. No key, hash or token is in it; the bytes of files are at their own addresses. A token needs the scopes of all it reads.',
  permission: 'run:read', alsoNeeds: ['workflow:read', 'artifact:read', 'upload:read', 'token:read', 'secret:read', 'usage:read'], audit: 'user.data_exported', answers: { 200: { description: 'The rows', contentType: 'application/x-ndjson' } }, errors: [],
  handler: (deps) => async ({ principal, res, audit }) => {
    await deps.db.$transaction((tx) => appendAuditEvent(tx, audit({ type: 'user.data_exported', resource: `user/${principal.userId}` })));
    res.status(200).type('application/x-ndjson').set('Content-Disposition', `attachment; filename="my-data-${new Date().toISOString().slice(0, 10)}.jsonl"`);
    for await (const rows of personalData(deps.db, principal.userId)) {
      if (!res.write(rows.map((row) => `${JSON.stringify(row, asText)}\n`).join(''))) await new Promise((resolve) => { res.once('drain', resolve).once('close', resolve); });
      if (res.destroyed) return HANDLED;
    }
    res.end();
    return HANDLED;
  },
});

export const deleteUser = defineEndpoint({
  method: 'delete', path: '/api/v1/users/{id}', operationId: 'eraseUser', tag: 'Users', summary: 'Erase a person and all that is theirs', description: 'Runs, files, uploads, written workflows, keys, tokens, sessions and the account go for good. Refused while a run of theirs is live, and for the last administrator. The audit log keeps its rows, which know the person by a number alone. To keep the data, switch the account off instead.',
  permission: 'users:manage', audit: 'user.erased', params: UserParams, answers: { 204: { description: 'Erased' } }, errors: ['InvalidInput', 'NotFound', 'Conflict'],
  handler: (deps) => async ({ params, audit }) => {
    const erased = await deps.db.$transaction(async (tx) => {
      const gone = await erasePerson(tx, params.id);
      if (gone === null) throw notFound('This person');
      if (gone === 'last_admin') throw new CodedError('Conflict', 'Somebody has to be administrator.', { remedy: 'Make another person administrator first.' });
      if (gone === 'live_runs') throw new CodedError('Conflict', 'A run of this person has not ended.', { remedy: 'Switch the account off and wait for the end, or cancel the run.' });
      await appendAuditEvent(tx, audit({ type: 'user.erased', resource: `user/${params.id}`, data: { runs: gone.runIds.length, uploads: gone.uploadKeys.length } }));
      return gone;
    }, { timeout: 60_000 });
    deps.principals.forgetUser(params.id);
    const results = await Promise.allSettled([...erased.runIds.map((id) => deps.storage.deleteFolder(id)), ...erased.uploadKeys.map((key) => deps.storage.delete(key)), ...erased.secrets.map((stored) => deps.secrets.keeper.drop(stored))]);
    const left = results.filter(({ status }) => status === 'rejected').length;
    // The retention rule removes bytes without a row as well.
    if (left > 0) deps.logger.error({ files_left: left }, 'files or vault entries of an erased person could not be removed');
    return { status: 204 };
  },
});
