import type { ReactNode } from 'react';
import { PageFrame } from '../../components/shell/page-frame';
import { SessionGate } from '../../components/shell/session-gate';

export default function SignedInLayout({ children }: { children: ReactNode }) {
  return <PageFrame signedIn><SessionGate>{children}</SessionGate></PageFrame>;
}
