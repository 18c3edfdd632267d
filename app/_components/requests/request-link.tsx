'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { type RequestFilter, requestSearch, useRequestsHref } from '@/app/_queries/log/requests';

interface RequestLinkProps {
  readonly id: string;
  /** About when it was: an id of its caller's own does not say it. */
  readonly at: string;
  /** Left out, its id. */
  readonly children?: ReactNode;
}

/** Every id of a request leads to what became of it. */
export function RequestLink({ id, at, children }: RequestLinkProps) {
  const href = useRequestsHref();
  const path = `/${encodeURIComponent(id)}?at=${encodeURIComponent(at)}`;
  return (
    <Link href={href(path)} className="break-all text-link underline underline-offset-2">
      {children ?? <code className="font-mono text-xs">{id}</code>}
    </Link>
  );
}

interface RequestsLinkProps {
  readonly filter: Partial<RequestFilter>;
  readonly className?: string;
  readonly children: ReactNode;
}

/** To all that are like that. */
export function RequestsLink({
  filter,
  className = 'text-link underline underline-offset-2',
  children,
}: RequestsLinkProps) {
  const href = useRequestsHref();
  return (
    <Link href={href(`?${requestSearch(filter)}`)} className={className}>
      {children}
    </Link>
  );
}
