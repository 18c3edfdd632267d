import { decoded } from '@/lib/kernel/plain-text';
import { databaseHosts } from './url';

export interface DatabasePlace {
  readonly host: string;
  readonly name: string;
}

const usualPort = 5432;

/** Where a connection string leads, as people are told before a write: never the user, never the password. */
export function databasePlace(url: string): DatabasePlace {
  const hosts = databaseHosts(url).map(({ host, port }) => (port === usualPort ? host : `${host}:${port}`));
  const [base = ''] = url.split('?');
  const [, name = ''] = /^\w+:\/\/[^/]*\/([^/]*)/.exec(base) ?? [];
  const [, user = ''] = /^\w+:\/\/([^:/@]*)(?::[^/@]*)?@/.exec(base) ?? [];
  const written = name || user || 'postgres';
  return { host: hosts.join(', ') || 'localhost', name: decoded(written) ?? written };
}
