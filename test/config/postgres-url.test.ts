import { describe, expect, it } from 'vitest';
import { maskUrl } from '@/lib/config/mask';
import { escapingFault } from '@/lib/config/postgres-url';

describe('a sign of the password that is not escaped', () => {
  it.each([
    'postgres://u:pa#tail@h/db',
    'postgres://u:pa?tail@h/db',
    'postgres://u:pa/tail@h/db',
    'postgres://u:54/tail@h/db',
    'postgres://u:pa@tail@h/db',
    'postgres://u:pa%tail@h/db',
    'postgres://u:p@1?tail@h:5432/db?sslmode=require',
    'postgres://u:tail',
    'postgres://h/db#tail',
    'postgres://u:p%ff@h/db',
  ])('%s is refused, and its tail is not said', (url) => {
    const fault = escapingFault(url);
    expect(fault).toContain('must be written as %23');
    expect(fault).not.toContain('tail');
    expect(url.includes('@') ? maskUrl(url) : '').not.toMatch(/tail|pa/);
  });

  it.each([
    'postgres://u:p@h/db',
    'postgresql://u:p%23%2F%3F%40%25@h:5432/db?sslmode=require',
    'postgres://u:p@h1:5432,h2:5433/db?target_session_attrs=read-write',
    'postgres://u:a:b@[::1]:5432/db',
    'postgres://h/db?application_name=a%40b',
    'postgres://h',
  ])('%s is taken', (url) => {
    expect(escapingFault(url)).toBeNull();
  });
});
