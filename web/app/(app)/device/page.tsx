import type { Metadata } from 'next';
import { Suspense } from 'react';
import { DevicePage } from '../../../components/account/device-page';

export const metadata: Metadata = { title: 'Let a command line in' };

export default function Page() {
  return <Suspense><DevicePage /></Suspense>;
}
