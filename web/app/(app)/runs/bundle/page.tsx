import type { Metadata } from 'next';
import { Suspense } from 'react';
import { BundlePage } from '../../../../components/run/bundle/bundle-page';

export const metadata: Metadata = { title: 'Open a run from a file' };

export default function Page() {
  return <Suspense><BundlePage /></Suspense>;
}
