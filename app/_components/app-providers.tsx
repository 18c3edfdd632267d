'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ThemeProvider } from 'next-themes';
import { Tooltip } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { ApiProblem } from '../_queries/api';

/** What the API refused it refuses again; only silence is worth a second try. */
const retry = (failures: number, error: Error) =>
  failures < 1 && !(error instanceof ApiProblem && error.status >= 400 && error.status < 500);

/** What every page needs around it: the query cache, the theme, tooltips. */
export function AppProviders({ nonce, children }: { readonly nonce?: string; readonly children: ReactNode }) {
  const [client] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry, staleTime: 2_000, networkMode: 'always' } } }),
  );
  return (
    <QueryClientProvider client={client}>
      <ThemeProvider attribute="data-theme" defaultTheme="system" enableSystem disableTransitionOnChange nonce={nonce}>
        <Tooltip.Provider delayDuration={200}>{children}</Tooltip.Provider>
      </ThemeProvider>
    </QueryClientProvider>
  );
}
