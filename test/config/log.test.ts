import { expect, it } from 'vitest';
import { createLog } from '@/lib/config/log';

it('logs a request without its secrets', () => {
  const lines: string[] = [];
  const log = createLog('info', { process: 'test' }, { write: (line) => lines.push(line) });
  log
    .child({ request_id: 'r-1' })
    .info({ headers: { authorization: 'Bearer abcdefgh', cookie: 'sid=abcdefgh' }, token: 'abcdefgh' }, 'hello');
  log.error(
    {
      err: new Error('connect postgres://u:abcdefgh@h/d with Key id:abcdefgh', { cause: new Error('Bearer abcdefgh') }),
    },
    'failed for Bearer abcdefgh',
  );
  expect(lines).toHaveLength(2);
  expect(lines.join('')).not.toContain('abcdefgh');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info', request_id: 'r-1', process: 'test' });
});
