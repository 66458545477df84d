import type { Metadata } from 'next';
import { OwnWorkflowsPage } from '../../../components/own/own-workflows-page';

export const metadata: Metadata = { title: 'My workflows' };

export default function Page() {
  return <OwnWorkflowsPage />;
}
