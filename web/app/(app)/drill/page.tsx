import type { Metadata } from 'next';
import { CrashDrill } from '../../../components/drill/crash-drill';

export const metadata: Metadata = { title: 'Crash drill' };

export default function DrillPage() {
  return <CrashDrill />;
}
