'use client';

import Link from 'next/link';
import type { ComponentProps } from 'react';
import { useSplitPlace } from '@/app/_queries/split';

/** A link to a page of the split that is open. */
export function SplitLink({ href, ...rest }: Omit<ComponentProps<typeof Link>, 'href'> & { readonly href: string }) {
  return <Link href={useSplitPlace().href(href)} {...rest} />;
}
