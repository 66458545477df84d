import { z } from 'zod';
import { ERRORS, type ErrorCode } from '#contracts/errors';
import { problemType } from '#contracts/wire';
import { notFound } from '#platform/coded-error';
import { defineEndpoint } from '../../endpoint.ts';

const ProblemKindSchema = z.object({ type: z.string(), code: z.string(), title: z.string(), status: z.int(), remedy: z.string(), attempts: z.int() }).meta({ id: 'ProblemKind' });

export const getProblem = defineEndpoint({
  method: 'get', path: '/problems/{name}', operationId: 'getProblemKind', tag: 'System', summary: 'What an error means', description: 'The address that `type` of a problem names.', permission: 'public', audit: 'none',
  params: z.strictObject({ name: z.string().max(60) }), answers: { 200: { description: 'The kind of problem', schema: ProblemKindSchema } }, errors: ['NotFound'],
  handler: () => async ({ params }) => {
    const code = (Object.keys(ERRORS) as ErrorCode[]).find((candidate) => problemType(candidate) === `/problems/${params.name}`);
    if (!code) throw notFound('This kind of problem');
    const { title, status, remedy, attempts } = ERRORS[code];
    return { status: 200, body: { type: problemType(code), code, title, status, remedy, attempts }, revalidate: true };
  },
});
