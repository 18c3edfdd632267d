import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { createLog } from '@/lib/config/log';
import { LogOfRequests } from '@/lib/config/log-of-requests';

it('writes many lines at once, each of them whole and in turn', () => {
  const writes: string[] = [];
  const log = createLog('info', { process: 'test' }, { write: (text) => writes.push(text) });
  const lines = new LogOfRequests(log);
  for (let i = 0; i < 1000; i += 1) lines.info({ i, path: '/v1/things' }, 'relayed');
  const written = writes.join('').trim().split('\n');
  new LogOfRequests(createLog('warn', {}, { write: (text) => writes.push(text) })).info({ i: -1 }, 'not at this level');
  expect(writes.length).toBeLessThan(10);
  expect(written.length).toBeGreaterThan(500);
  for (const [i, line] of written.entries()) {
    expect(JSON.parse(line)).toMatchObject({ level: 'info', process: 'test', i, msg: 'relayed' });
    expect(line.slice(0, line.indexOf('"i"'))).toMatch(/^{"level":"info","time":"[\dT:.-]+Z","process":"test",$/);
  }
});

it('has written all of them when the process ends', () => {
  const program = `
    import { createLog } from '${process.cwd()}/lib/config/log.ts';
    import { LogOfRequests } from '${process.cwd()}/lib/config/log-of-requests.ts';
    const log = createLog('info', {});
    new LogOfRequests(log).info({ i: 1 }, 'relayed');
    log.info('said at once');
    process.exit(0);`;
  const child = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program]);
  const said = String(child.stdout).trim().split('\n');
  expect(said.map((line): string => JSON.parse(line).msg)).toEqual(['said at once', 'relayed']);
});
