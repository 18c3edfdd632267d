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
  return { host: hosts.join(', ') || 'localhost', name: decoded(name || user || 'postgres') };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
