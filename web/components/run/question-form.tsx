'use client';
import type { RJSFSchema } from '@rjsf/utils';
import { useMemo, useState } from 'react';
import type { GateView } from '#contracts/run-reducer';
import { ApiError } from '../../lib/api-client';
import { useDecideGate } from '../../lib/queries';
import { useSubmitKey } from '../../lib/use-submit-key';
import { titled, uiSchemaOf, type FieldErrors, type Inputs } from '../../lib/schema-form';
import { SchemaFields } from '../form/schema-form';
import { Button } from '../ui/button';

/** A question of the run to the person who started it; the form follows from the schema of the answer. */
export function QuestionForm({ runId, gate }: { runId: string; gate: GateView }) {
  const schema = useMemo(() => titled((gate.answerSchema ?? { type: 'object', properties: {} }) as RJSFSchema), [gate.answerSchema]);
  const uiSchema = useMemo(() => uiSchemaOf(schema), [schema]);
  const [inputs, setInputs] = useState<Inputs>({});
  const [errors, setErrors] = useState<FieldErrors>({});
  const [problem, setProblem] = useState<string | null>(null);
  const decide = useDecideGate();
  const send = async (): Promise<void> => {
    setErrors({});
    setProblem(null);
    try {
      await decide.mutateAsync({ runId, gateId: gate.gateId, decision: 'answer', shown_hash: gate.shownHash, answer: inputs });
    } catch (error) {
      const fields = error instanceof ApiError ? error.problem.errors ?? [] : [];
      setErrors(Object.fromEntries(fields.map(({ pointer, detail }) => [pointer.replace('#/answer/', '').split('/')[0] ?? '', detail])));
      setProblem(error instanceof ApiError ? (error.problem.detail ?? error.problem.title) : 'That did not work; try again.');
    }
  };
  useSubmitKey(() => { if (!decide.isPending && !decide.isSuccess) void send(); });
  return (
    <div className="mt-3">
      <SchemaFields schema={schema} uiSchema={uiSchema} fields={Object.keys(schema.properties ?? {})} inputs={inputs} errors={errors} disabled={decide.isPending || decide.isSuccess} onChange={setInputs} />
      {problem ? <p role="alert" className="mt-2 text-sm text-failed">{problem}</p> : null}
      <Button variant="primary" className="mt-3" disabled={decide.isPending || decide.isSuccess} aria-keyshortcuts="Control+Enter Meta+Enter" onClick={() => void send()}>Answer and go on</Button>
    </div>
  );
}
