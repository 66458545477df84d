import type { ReactNode } from 'react';
import { PageFrame } from '../../components/shell/page-frame';
import { SessionGate } from '../../components/shell/session-gate';
import { SignedInExtras } from '../../components/shell/signed-in-extras';

export default function SignedInLayout({ children }: { children: ReactNode }) {
  return <PageFrame signedIn extras={<SignedInExtras />}><SessionGate>{children}</SessionGate></PageFrame>;
}
