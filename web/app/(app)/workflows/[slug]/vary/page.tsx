import type { Metadata } from 'next';
import { Suspense } from 'react';
import { VaryPage } from '../../../../../components/vary/vary-page';

export const metadata: Metadata = { title: 'Vary a run' };

export default async function VaryRoute({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  return <Suspense><VaryPage slug={slug} /></Suspense>;
}
