'use client';
import { keepPreviousData, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import type { OwnWorkflowWire, WorkingCopyWire } from '#contracts/api/own-workflows.schema';
import type { Node } from '#contracts/own/outline';
import { ApiError, api, apiResponse } from '../api-client';
import { useSettled } from '../use-settled';
import { begin, move } from './history';

/** One draft in the builder: its history, what the checker says about it, and how it is kept. Every edit is kept within two
 * seconds; a version is made only when the person says so. */
export interface Problem { pointer: string; detail: string }
export interface Check { valid: boolean; errors: Problem[]; warnings: Problem[]; plan: { step: string; title: string; kind: string; repeat: number; input_tokens: number; max_output_tokens: number }[] }
export interface Copy { wire: WorkingCopyWire; etag: string }
export type Keeping = 'kept' | 'waiting' | 'saving' | 'conflict' | 'failed';
const KEEP_AFTER_MS = 1_200;
const CHECK_AFTER_MS = 500;

async function read(slug: string, signal?: AbortSignal): Promise<Copy> {
  const response = await apiResponse(`/api/v1/workflows/${encodeURIComponent(slug)}/working-copy`, { signal });
  return { wire: await response.json() as WorkingCopyWire, etag: response.headers.get('etag') ?? '' };
}
export const workingCopyQuery = (slug: string) => queryOptions({ queryKey: ['workflows', slug, 'working-copy'], retry: false, staleTime: Infinity, gcTime: 0, queryFn: ({ signal }) => read(slug, signal) });

export function useBuilder(slug: string, first: Copy) {
  const [history, change] = useReducer(move, first.wire.definition, begin);
  const [keeping, setKeeping] = useState<Keeping>('kept');
  const [refused, setRefused] = useState<ApiError | null>(null);
  const [base, setBase] = useState(first.wire.base_version);
  /** Something is kept beside the youngest version. */
  const [isDraft, setDraft] = useState(first.wire.saved_at !== null);
  const etag = useRef(first.etag);
  const [kept, setKept] = useState(() => JSON.stringify(first.wire.definition));
  const client = useQueryClient();
  const { document } = history;
  const text = JSON.stringify(document);
  const edit = useCallback((next: Node, tag = ''): void => change({ kind: 'edit', document: next, tag, at: Date.now() }), []);

  const settled = useSettled(document, CHECK_AFTER_MS);
  const { data: check, error: checkError } = useQuery({ queryKey: ['definition-check', settled], placeholderData: keepPreviousData, gcTime: 10_000, queryFn: ({ signal }) => api<Check>('/api/v1/workflows/validate', { method: 'POST', body: { definition: settled }, signal }) });

  const keep = useCallback(async (next: Node): Promise<boolean> => {
    setKeeping('saving');
    try {
      const response = await apiResponse(`/api/v1/workflows/${encodeURIComponent(slug)}/working-copy`, { method: 'PUT', body: { definition: next }, headers: { 'If-Match': etag.current } });
      etag.current = response.headers.get('etag') ?? '';
      setDraft(true);
      setKept(JSON.stringify(next));
      setRefused(null);
      setKeeping('kept');
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setRefused(error);
      setKeeping(error.problem.status === 412 ? 'conflict' : 'failed');
      return false;
    }
  }, [slug]);

  // While somebody else's change is not decided about, nothing is kept over it.
  const held = keeping === 'conflict' || keeping === 'saving';
  useEffect(() => {
    if (held || text === kept) return;
    const timer = setTimeout(() => void keep(JSON.parse(text) as Node), KEEP_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text, kept, held, keep]);
  const unkept = text !== kept;
  useEffect(() => {
    if (!unkept) return;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [unkept]);

  const adopt = (copy: Copy): void => { etag.current = copy.etag; setBase(copy.wire.base_version); setDraft(copy.wire.saved_at !== null); setRefused(null); };
  /** Theirs in the place of mine; mine stays one undo away. */
  const takeTheirs = async (): Promise<void> => {
    const copy = await read(slug);
    adopt(copy);
    setKept(JSON.stringify(copy.wire.definition));
    change({ kind: 'load', document: copy.wire.definition });
    setKeeping('kept');
  };
  const keepMine = async (): Promise<void> => {
    adopt(await read(slug));
    await keep(document);
  };
  /** Back to the youngest version; what was edited stays one undo away. @throws ApiError when somebody else kept meanwhile */
  const discard = async (): Promise<void> => {
    await apiResponse(`/api/v1/workflows/${encodeURIComponent(slug)}/working-copy`, { method: 'DELETE', headers: { 'If-Match': etag.current } });
    await takeTheirs();
  };
  /** @throws ApiError with everything that is wrong */
  const saveVersion = async (note: string): Promise<OwnWorkflowWire> => {
    const saved = await api<OwnWorkflowWire>(`/api/v1/workflows/${encodeURIComponent(slug)}`, { method: 'PUT', body: { definition: document, ...(note ? { note } : {}) }, headers: { 'If-Match': `"v${base}"` } });
    const copy = await read(slug);
    adopt(copy);
    // The same content as the version makes none: then what was kept beside it stays.
    setKept(text);
    setKeeping('kept');
    await client.invalidateQueries({ queryKey: ['workflows'], predicate: ({ queryKey }) => queryKey[2] !== 'working-copy' });
    return saved;
  };
  return { document, history, edit, undo: () => change({ kind: 'undo' }), redo: () => change({ kind: 'redo' }), check, checkError, isChecked: JSON.stringify(settled) === text, keeping: keeping === 'kept' && unkept ? 'waiting' as const : keeping, refused, base, isDraft, discard, takeTheirs, keepMine, saveVersion, read: () => read(slug) };
}
export type BuilderState = ReturnType<typeof useBuilder>;
