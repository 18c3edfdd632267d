import { beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '@/lib/config/log';
import { type WrongCredentials, wrongCredentials } from '@/lib/http/defence/wrong-credentials';
import type { Head } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';

const from = (remote: string | null): Head => ({
  method: 'POST',
  path: '/api/session',
  query: new URLSearchParams(),
  header: () => null,
  remote,
  requestId: 'r-1',
});
const refusal = new Problem(401, 'sign-in-refused', 'No.');

let now: number;
let lines: string[];
let wrong: WrongCredentials;
beforeEach(() => {
  now = 0;
  lines = [];
  const log = createLog('info', {}, { write: (line: string) => void lines.push(line) });
  wrong = wrongCredentials({ perMinute: 3, now: () => now, log });
});

const statusOf = (remote: string | null, credential: string) =>
  wrong.refused(from(remote), { door: 'bearer', credential }, refusal).status;

describe('wrong credentials', () => {
  it('are refused, and soon with 429: by address whatever is guessed', () => {
    expect([1, 2, 3, 4].map((n) => statusOf('6.6.6.6', `guess-${n}`))).toEqual([401, 401, 401, 429]);
    expect(statusOf('9.9.9.9', 'another')).toBe(401);
    now = 120_000;
    expect(statusOf('6.6.6.6', 'guess-5')).toBe(401);
  });

  it('count by credential whatever the address', () => {
    expect([1, 2, 3, 4].map((n) => statusOf(`6.6.6.${n}`, 'the same'))).toEqual([401, 401, 401, 429]);
  });

  it('count as one for all addresses of an IPv6 network', () => {
    expect([1, 2, 3, 4].map((n) => statusOf(`2001:db8:1:2::${n}`, `guess-${n}`))).toEqual([401, 401, 401, 429]);
  });

  it('leave a line in the log that says who and where, never the value', () => {
    statusOf('6.6.6.6', 'a-value-nobody-may-read');
    const [line = ''] = lines;
    expect(JSON.parse(line)).toMatchObject({ level: 'warn', door: 'bearer', address: '6.6.6.6', path: '/api/session' });
    expect(line).not.toContain('a-value-nobody-may-read');
  });

  it('do not fill the disk, and what was left out is said', () => {
    for (let n = 0; n < 5000; n += 1) statusOf('6.6.6.6', `guess-${n}`);
    expect(lines.length).toBe(4);
    for (let n = 0; n < 5000; n += 1) statusOf(`10.0.${n >> 8}.${n & 255}`, `another-${n}`);
    expect(lines.length).toBe(300);
    now = 180_000;
    statusOf('6.6.6.6', 'one more');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ lines_left_out: 4704 });
  });

  it('of an account keep only their own address from trying again', () => {
    const tryIt = (remote: string) => wrong.mayTry(from(remote), 'ann@example.com');
    for (let n = 0; n < 3; n += 1) {
      const over = tryIt('6.6.6.6');
      wrong.refused(from('6.6.6.6'), { door: 'sign-in', credential: 'ann@example.com' }, refusal);
      over();
    }
    expect(() => tryIt('6.6.6.6')).toThrow('At most 3 wrong passwords or codes a minute');
    tryIt('9.9.9.9');
  });
});
