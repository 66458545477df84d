import type { Metadata } from 'next';
import { LinkPage } from '../../components/account/link-page';
import { PageFrame } from '../../components/shell/page-frame';

export const metadata: Metadata = { title: 'New password' };

export default function Page() {
  return <PageFrame signedIn={false}><LinkPage kind="password_reset" /></PageFrame>;
}
