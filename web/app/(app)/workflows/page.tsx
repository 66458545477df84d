import { redirect } from 'next/navigation';

/** The catalog is the home page; who types this address means it. */
export default function WorkflowsPage(): never {
  redirect('/');
}
