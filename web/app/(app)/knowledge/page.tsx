import type { Metadata } from 'next';
import { Suspense } from 'react';
import { Knowledge } from '../../../components/knowledge/knowledge';

export const metadata: Metadata = { title: 'Knowledge' };

export default function KnowledgePage() {
  return <Suspense><Knowledge /></Suspense>;
}
