'use client';
import { usePathname, useRouter } from 'next/navigation';
import { useEffect, type ReactNode } from 'react';
import { ApiError } from '../../lib/api-client';
import { useSession } from '../../lib/queries';
import { ProblemPanel } from '../feedback/problem-panel';
import { Loading, Skeleton } from '../ui/skeleton';

/** Shows its pages to a signed-in person only; sends others to the sign-in page and back afterwards. The API guards the
 * data itself: this only spares the reader a page of errors. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { data, error, refetch } = useSession();
  const router = useRouter();
  const path = usePathname();
  const signedOut = error instanceof ApiError && error.problem.status === 401;
  useEffect(() => {
    if (signedOut) router.replace(`/sign-in?next=${encodeURIComponent(path + window.location.search)}`);
  }, [signedOut, path, router]);
  // A moment without the API must not take the page away from somebody who was signed in.
  if (data && !signedOut) return children;
  if (error && !signedOut) return <ProblemPanel error={error} onRetry={() => void refetch()} kept="Runs that were started go on without this page." />;
  return (
    <Loading label="Loading" className="grid gap-4">
      <Skeleton className="h-8 w-72 max-w-full" /><Skeleton className="h-4 w-96 max-w-full" /><Skeleton className="mt-4 h-64 w-full" />
    </Loading>
  );
}
