import { excerpt } from '@/lib/kernel/excerpt';
import type { Head } from '../message';
import { Problem } from '../problem';

/** Refuses a write that another site made a browser send. Programs send neither header and pass. */
export function requireSameOrigin(head: Head): void {
  const site = head.header('sec-fetch-site');
  if (site !== null && site !== 'same-origin' && site !== 'none') throw crossSite(`Sec-Fetch-Site: ${site}`);
  const origin = head.header('origin');
  if (origin === null) return;
  const host = head.header('host');
  if (origin === 'null' || host === null || hostOf(origin) !== host.toLowerCase()) throw crossSite(`Origin: ${origin}`);
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

function crossSite(header: string): Problem {
  return new Problem(403, 'cross-site', `${excerpt(header)} is another site; writes come from this one only.`);
}
