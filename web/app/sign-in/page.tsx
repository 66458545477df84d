import type { Metadata } from 'next';
import { Suspense } from 'react';
import { PageFrame } from '../../components/shell/page-frame';
import { SignIn } from '../../components/shell/sign-in';

export const metadata: Metadata = { title: 'Sign in' };

export default function SignInPage() {
  return <PageFrame signedIn={false}><Suspense><SignIn /></Suspense></PageFrame>;
}
