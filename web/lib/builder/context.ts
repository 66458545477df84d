'use client';
import { createContext, useContext } from 'react';
import type { Node, ScopeName } from '#contracts/own/outline';

/** What the fields of a step know of the workflow around it. */
export interface StepAround { document: Node; scope: readonly ScopeName[]; samples: Readonly<Record<string, unknown>>; pointer: string }
const Around = createContext<StepAround>({ document: {}, scope: [], samples: {}, pointer: '#' });
export const AroundProvider = Around.Provider;
export const useAround = (): StepAround => useContext(Around);
