import { describe, expect, test } from 'vitest';
import { readUrl } from '@/lib/postgres/url';

describe('a transaction pooler', () => {
  test.each([
    ['postgres://u:p@aws-0-eu.pooler.supabase.com:6543/postgres', undefined, true],
    ['postgres://u:p@h/db?pgbouncer=true', undefined, true],
    ['postgres://u:p@h:5432/db', undefined, false],
    ['postgres://u:6543@h:5432/db', undefined, false],
    ['postgres://u:p@h:5432/db', true, true],
    ['postgres://u:p@h:6543/db', false, false],
  ])('%s, said %s: %s', (url, said, pooled) => {
    expect(readUrl(url, said).pooled).toBe(pooled);
  });
});

describe('what only libpq or another client understands', () => {
  test.each([
    ['postgres://u:p@h/db?pgbouncer=true&connection_limit=1', 'postgres://u:p@h/db'],
    ['postgres://u:p@h/db?sslmode=require&channel_binding=require', 'postgres://u:p@h/db?sslmode=require'],
    ['postgres://u:p@h/db?sslmode=require&supa=base-pooler.x', 'postgres://u:p@h/db?sslmode=require'],
    ['postgres://u:p@h/db?sslrootcert=system', 'postgres://u:p@h/db?sslmode=verify-full'],
  ])('%s is not sent to the server', (given, used) => {
    expect(readUrl(given).url).toBe(used);
  });
});

describe('several hosts', () => {
  test.each([
    ['postgres://u:p@a:5432,b:5433/db', true],
    ['postgres://u:p@a:5432/db', false],
    ['postgres://u:p@a,b/db?target_session_attrs=any', false],
  ])('%s asks for the one to write to: %s', (url, readWrite) => {
    expect(readUrl(url).readWrite).toBe(readWrite);
  });

  test.each([
    ['postgres://u:p@a:5433,b/db?target_session_attrs=read-write', ['a:5433', 'b:5432'], 'postgres://u:p@a:5433/db'],
    ['postgres://u:p@[::1]:5433,[::2]/db', ['::1:5433', '::2:5432'], 'postgres://u:p@[::1]:5433/db'],
    ['postgres://a,b', ['a:5432', 'b:5432'], 'postgres://a'],
    ['postgres:///db', [], 'postgres:///db'],
  ])('%s: %j, and the driver sees the first alone', (url, hosts, alone) => {
    const read = readUrl(url);
    expect(read.hosts.map(({ host, port }) => `${host}:${port}`)).toEqual(hosts);
    expect(read.url).toBe(alone);
  });
});
