'use client';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClient, QueryClientProvider, type Query } from '@tanstack/react-query';
import { ThemeProvider } from 'next-themes';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { useState, type ReactNode } from 'react';
import { ApiError } from '../../lib/api-client';

/** A request is tried again only when the API was away, never when it answered. */
function worthRetrying(failures: number, error: unknown): boolean {
  return failures < 3 && error instanceof ApiError && error.problem.code === 'ServiceUnavailable';
}

/** A page that could not be filled because the API was away asks again by itself. */
function askAgainMs(query: Query): number | false {
  const { status, error } = query.state;
  return status === 'error' && error instanceof ApiError && error.problem.code === 'ServiceUnavailable' ? 5000 : false;
}

export function AppProviders({ nonce, children }: { nonce?: string; children: ReactNode }) {
  const [client] = useState(() => new QueryClient({
    defaultOptions: { queries: { staleTime: 5000, retry: worthRetrying, retryDelay: (attempt) => Math.min(8000, 1000 * 2 ** attempt), refetchInterval: askAgainMs }, mutations: { retry: false } },
  }));
  return (
    <ThemeProvider attribute="class" defaultTheme="system" nonce={nonce}>
      <CSPProvider nonce={nonce}>
        <QueryClientProvider client={client}>
          <NuqsAdapter>{children}</NuqsAdapter>
        </QueryClientProvider>
      </CSPProvider>
    </ThemeProvider>
  );
}
