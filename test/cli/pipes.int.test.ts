import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ProjectCopy, projectCopy } from '../support/project-copy';

let project: ProjectCopy;
let cache: string;
beforeAll(() => {
  project = projectCopy();
  cache = mkdtempSync(join(tmpdir(), 'sluice-npm-'));
});
afterAll(() => {
  project.remove();
  rmSync(cache, { recursive: true, force: true });
});

const policyFile = '{"minRequests":20}';
const run = (command: string, args: string[], cwd = project.folder) =>
  project.run(command, args, { cwd, env: { npm_config_cache: cache, npm_config_update_notifier: 'false' } });

it.each<[string, string[]]>([
  ['npm', ['run', 'sluice', 'policy', 'check', 'p.json', '--json']],
  ['npm', ['run', '-s', 'sluice', '--', 'policy', 'check', 'p.json', '--json']],
  ['npx', ['--offline', 'sluice', 'policy', 'check', 'p.json', '--json']],
])('%s %j answers with JSON and nothing else', async (command, args) => {
  project.write('p.json', policyFile);
  const { code, stdout } = await run(command, args);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '{"valid":true}\n' });
});

it('npx finds it from any folder, and files from where one stands', async () => {
  project.write('lib/here.json', policyFile);
  const inside = await run('npx', ['--offline', 'sluice', 'policy', 'check', 'here.json'], join(project.folder, 'lib'));
  expect(inside).toMatchObject({ code: 0, stdout: 'here.json is valid.\n' });
  const args = ['--offline', '--prefix', project.folder, 'sluice', 'policy', 'check', 'none.json', '--json'];
  const outside = await run('npx', args, tmpdir());
  expect([outside.code, JSON.parse(outside.stderr)]).toEqual([
    1,
    { error: expect.objectContaining({ code: 'error' }) },
  ]);
});
