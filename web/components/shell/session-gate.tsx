'use client';
import { usePathname, useRouter } from 'next/navigation';
import { useEffect, type ReactNode } from 'react';
import { ApiError } from '../../lib/api-client';
import { pageRefused } from '../../lib/pages';
import { useSession } from '../../lib/queries';
import { EmptyState } from '../feedback/empty-state';
import { ProblemPanel } from '../feedback/problem-panel';
import { ButtonLink } from '../ui/button';
import { Loading, Skeleton } from '../ui/skeleton';

/** Shows its pages to a signed-in person only, and of those the ones that their role has; sends others to the sign-in page and back
 * afterwards. The API guards the data itself: this only spares the reader a page of errors. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { data, error, refetch } = useSession();
  const router = useRouter();
  const path = usePathname();
  const signedOut = error instanceof ApiError && error.problem.status === 401;
  useEffect(() => {
    if (signedOut) router.replace(`/sign-in?next=${encodeURIComponent(path + window.location.search)}`);
  }, [signedOut, path, router]);
  // A moment without the API must not take the page away from somebody who was signed in.
  if (data && !signedOut) {
    const refused = pageRefused(path, data.permissions);
    return refused ? <NotForYou page={refused.label} role={data.user.role} /> : children;
  }
  if (error && !signedOut) return <ProblemPanel error={error} onRetry={() => void refetch()} kept="Runs that were started go on without this page." />;
  return (
    <Loading label="Loading" className="grid gap-4">
      <Skeleton className="h-8 w-72 max-w-full" /><Skeleton className="h-4 w-96 max-w-full" /><Skeleton className="mt-4 h-64 w-full" />
    </Loading>
  );
}

/** A link that somebody was sent, or typed: what it leads to is not theirs. */
function NotForYou({ page, role }: { page: string; role: string }) {
  return (
    <div>
      <h1 className="page-title">{page}</h1>
      <div className="mt-6"><EmptyState title="This page is not for your role" action={<ButtonLink href="/">Home</ButtonLink>}>You are signed in as {role}. An administrator can give you a role that has it.</EmptyState></div>
    </div>
  );
}
