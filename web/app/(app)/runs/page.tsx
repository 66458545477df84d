import type { Metadata } from 'next';
import { Suspense } from 'react';
import { History } from '../../../components/history/history';

export const metadata: Metadata = { title: 'Runs' };

export default function RunsPage() {
  return <Suspense><History /></Suspense>;
}
