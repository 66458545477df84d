import type { Metadata } from 'next';
import { LinkPage } from '../../components/account/link-page';
import { PageFrame } from '../../components/shell/page-frame';

export const metadata: Metadata = { title: 'Your account' };

export default function Page() {
  return <PageFrame signedIn={false}><LinkPage kind="invitation" /></PageFrame>;
}
