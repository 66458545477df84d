'use client';
import type { ReactNode } from 'react';
import { GLOSSARY, type GlossaryKey } from '#contracts/glossary';
import { Tooltip } from './tooltip';

/** A word of the glossary, explained on hover and on focus. A button, so that it can be reached; pressing it does nothing. */
export function Term({ name, children }: { name: GlossaryKey; children?: ReactNode }) {
  const { word, meaning } = GLOSSARY[name];
  return <Tooltip content={meaning}><button type="button" aria-label={`${typeof children === 'string' ? children : word}: ${meaning}`} className="cursor-help border-b border-dotted border-control">{children ?? word}</button></Tooltip>;
}
