import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { endpoints } from '../endpoints.ts';
import { openApiDocument } from './document.ts';
import { matrixMarkdown, permissionMatrix } from './permission-matrix.ts';

const document = openApiDocument(endpoints);

describe('OpenAPI document', () => {
  it('is the committed one; `node api/openapi/write.ts` writes it anew', () => {
    expect(JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'))).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('makes the committed table of who may call what', () => {
    const rows = permissionMatrix(document);
    expect(readFileSync(new URL('../../docs/security/permissions.md', import.meta.url), 'utf8')).toBe(matrixMarkdown(rows));
    expect(rows.map((row) => row.operationId).toSorted()).toEqual(endpoints.map((endpoint) => endpoint.operationId).toSorted());
  });

  it('names every endpoint with an answer, its errors as problems, and every reference resolves', () => {
    const text = JSON.stringify(document);
    for (const endpoint of endpoints) expect(document.paths?.[endpoint.path]?.[endpoint.method]).toMatchObject({ operationId: endpoint.operationId });
    const schemas = Object.keys(document.components?.schemas ?? {});
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) expect(schemas).toContain(name);
    expect(document.paths?.['/api/v1/runs']?.post?.responses?.['429']).toMatchObject({ content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } });
  });

  it('lists by pages what may grow; the others are as long as what the product ships or allows', () => {
    const whole = endpoints.filter(({ method, answers, query }) => method === 'get' && answers[200]?.schema instanceof z.ZodArray && !(query instanceof z.ZodObject && 'limit' in query.shape && ('cursor' in query.shape || 'after' in query.shape)));
    // The providers, the models that one named (200), the keys beside one (9), the newest uses of one, the best hits of a search, the webhooks of one person (bounded).
    expect(whole.map(({ operationId }) => operationId)).toEqual(['listProviders', 'listModels', 'getSecretsStatus', 'listKeyAccess', 'listSettingKeys', 'searchKnowledge', 'listWebhooks']);
  });

  it('allows no schema two types at once: what its list of values holds, its type allows', () => {
    const wrong: string[] = [];
    const look = (value: unknown, at: string): void => {
      if (typeof value !== 'object' || value === null) return;
      const { type, enum: values } = value as { type?: unknown; enum?: unknown };
      const kind = type === 'integer' ? 'number' : type;
      if (typeof type === 'string' && Array.isArray(values) && values.some((each) => each !== null && typeof each !== kind)) wrong.push(at);
      for (const [key, inner] of Object.entries(value)) look(inner, `${at}/${key}`);
    };
    look(JSON.parse(JSON.stringify(document)), '#');
    expect(wrong).toEqual([]);
  });

  it('asks for a credential everywhere but where it says so', () => {
    const open = endpoints.filter((endpoint) => endpoint.permission === 'public').map((endpoint) => endpoint.operationId);
    expect(open).toEqual(['getInfo', 'getHealth', 'getReady', 'getProblemKind', 'listSignInMethods', 'signInWithLink', 'signIn', 'signInSecondFactor', 'startOidcSignIn', 'finishOidcSignIn', 'previewAccountLink', 'acceptInvitation', 'resetPassword', 'forgotPassword', 'startDeviceLogin', 'takeDeviceToken', 'verifyEvidence', 'listEvidenceKeys']);
  });
});
