import type { Metadata } from 'next';
import { Suspense } from 'react';
import { UsagePage } from '../../../components/usage/usage-page';

export const metadata: Metadata = { title: 'Usage and budgets' };

export default function Page() {
  return <Suspense><UsagePage /></Suspense>;
}
