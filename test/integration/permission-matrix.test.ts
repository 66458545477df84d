import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '#contracts/api/common.schema';
import { PERMISSIONS, ROLES, type Permission } from '#contracts/permissions';
import { defineEndpoint, type Endpoint } from '#api/endpoint';
import { endpoints } from '#api/endpoints';
import { openApiDocument } from '#api/openapi/document';
import { CALLERS, permissionMatrix, type Caller, type MatrixRow } from '#api/openapi/permission-matrix';
import { endpointHandler } from '#api/pipeline';
import { registeredRoutes } from '#api/server';
import { startApi, type ApiUnderTest } from '../support/api.ts';

/** Controls C9, C12 and C13: the committed table (docs/security/permissions.md) against the running server. */
const ID = '0199aaaa-0000-7000-8000-000000000001';
const WORDS: Record<string, string> = { provider: 'openai', name: 'openai', gate_id: 'full.none', workflow_id: 'learn_agentic_ai' };
const addressOf = (path: string) => path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => WORDS[name] ?? ID);
const rows = permissionMatrix(openApiDocument(endpoints));
const isPermission = (needs: string): needs is Permission => (PERMISSIONS as readonly string[]).includes(needs);

let api: ApiUnderTest;
let tokens: Record<Caller, string | null>;
beforeAll(async () => {
  // In production `operator` is a permission like others.
  api = await startApi({ AWP_ENV: 'production', WEB_ORIGIN: 'https://awp.example' });
  tokens = { anonymous: null, ...Object.fromEntries(await Promise.all(ROLES.map(async (role) => [role, (await api.person(role)).token] as const))) } as Record<Caller, string | null>;
});
afterAll(() => api.close());

/** A call that no handler can finish: no body, ids of nothing. Before the handler comes the permission, which is what is asked here. */
const ask = async (row: MatrixRow, as: string | null) => {
  const reply = await api.call(row.method, addressOf(row.path), { as });
  return { status: reply.status, problem: reply.body as Problem | undefined };
};

/** A handler may say 403 for reasons of its own (no drill in production); a missing permission has these words. */
const isRefused = (status: number, problem: Problem | undefined) => status === 403 && /needs the permission/.test(problem?.detail ?? '');

describe('the table of who may call what', () => {
  it.each(rows.map((row) => [`${row.method} ${row.path}`, row] as const))('%s', async (_name, row) => {
    for (const caller of CALLERS.toReversed()) {
      // Ending one's own session or token by this call would change who asks next.
      const { status, problem } = await ask(row, tokens[caller]);
      const wanted = row.verdicts[caller];
      if (wanted === 'yes') {
        expect([caller, status === 401 && problem?.code === 'Unauthenticated' && row.needs !== 'public', isRefused(status, problem)]).toEqual([caller, false, false]);
      } else {
        expect([caller, status, problem?.code]).toEqual([caller, wanted, wanted === 401 ? 'Unauthenticated' : 'PermissionDenied']);
      }
    }
  });

  it.each(rows.filter((row) => isPermission(row.needs)).map((row) => [`${row.method} ${row.path}`, row] as const))('%s takes a token with just its scope and none with all others', async (_name, row) => {
    const needs = row.needs as Permission;
    const [narrow, other] = await Promise.all([api.person('admin', [needs, ...row.alsoNeeds]), api.person('admin', PERMISSIONS.filter((permission) => permission !== needs))]);
    const { status, problem } = await ask(row, narrow.token);
    expect([status === 401, isRefused(status, problem)]).toEqual([false, false]);
    expect(await ask(row, other.token)).toMatchObject({ status: 403, problem: { code: 'PermissionDenied' } });
  });

  it('lists every route that the server has, and the server has every route that is listed', () => {
    const listed = rows.map((row) => `${row.method} ${row.path}`);
    const extra = ['GET /favicon.ico', 'GET /openapi.json', 'GET /redoc'];
    expect(registeredRoutes(api.deps).toSorted()).toEqual([...listed, ...extra].toSorted());
  });

  it('a route that forgot its permission is refused to everybody', async () => {
    const forgot = { ...defineEndpoint({ method: 'get', path: '/api/v1/forgotten', operationId: 'forgotten', tag: 'System', summary: '', permission: 'run:read', audit: 'none', answers: {}, errors: [], handler: () => async () => ({ status: 200, body: {} }) }), permission: undefined } as unknown as Endpoint;
    const refused = endpointHandler(api.deps, forgot, new Set())({ headers: { authorization: `Bearer ${tokens.admin}` }, query: {}, params: {}, path: '/', method: 'GET', get: () => undefined } as never, { locals: { requestId: 'test-0001' } } as never, () => {});
    await expect(refused).rejects.toMatchObject({ code: 'PermissionDenied' });
  });
});
