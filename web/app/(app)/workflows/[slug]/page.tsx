import type { Metadata } from 'next';
import { Suspense } from 'react';
import { Runner } from '../../../../components/form/runner';

interface PageProps { params: Promise<{ slug: string }> }

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const words = (await params).slug.replaceAll('_', ' ');
  return { title: `Run ${words}` };
}

export default async function WorkflowPage({ params }: PageProps) {
  return <Suspense><Runner slug={(await params).slug} /></Suspense>;
}
