import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ProjectCopy, projectCopy } from '../support/project-copy';
import { type TestRollout, testRollout, writeWeights } from '../support/rollout';

let production: TestRollout;
let embedded: TestRollout;
let project: ProjectCopy;
beforeAll(async () => {
  [production, embedded] = await Promise.all([testRollout(), testRollout()]);
  project = projectCopy();
  project.write('.data/database-url', `${embedded.database.url}\n`);
});
afterAll(async () => {
  project.remove();
  await Promise.all([production.close(), embedded.close()]);
});
beforeEach(async () => {
  project.write('.env.local', `DATABASE_URL=${production.database.url}\n`);
  for (const { sql } of [production, embedded]) await writeWeights(sql, { fal: 0.9, runware: 0.1 });
});

const nameOf = ({ database }: TestRollout) => new URL(database.url).pathname.slice(1);
const hostOf = ({ database }: TestRollout) => new URL(database.url).host;
const passwordOf = ({ database }: TestRollout) => new URL(database.url).password;
const stages = async () => [await production.stage(), await embedded.stage()];

const sluice = (...args: string[]) =>
  project.run(process.execPath, [join(project.folder, 'scripts/sluice/bin.mjs'), ...args], { cwd: tmpdir() });
const script = (...args: string[]) =>
  project.run(process.execPath, [join(project.folder, 'scripts/ops/update-provider-weights.mjs'), ...args], {
    cwd: tmpdir(),
  });

describe('every program acts on the database of npm start', () => {
  it('a rollback acts on the one in .env.local, from any folder, and names it', async () => {
    const { code, stdout, stderr } = await sluice('rollback', '--yes', '--reason', 'night');
    expect({ code, stages: await stages() }).toEqual({ code: 0, stages: ['rolled_back', 'D1'] });
    expect(stderr).toContain(
      `this writes to database ${nameOf(production)} on ${hostOf(production)} (DATABASE_URL in .env.local)`,
    );
    expect(stdout).toContain(`database: ${nameOf(production)} on ${hostOf(production)}`);
    expect(stdout + stderr).not.toContain(passwordOf(production));
  });

  it('with --json the answer names it', async () => {
    const { stdout, stderr } = await sluice('rollback', '--yes', '--json');
    expect([JSON.parse(stdout), stderr]).toEqual([
      expect.objectContaining({ database: { host: hostOf(production), name: nameOf(production) } }),
      '',
    ]);
  });

  it('the shell wins over the file, and without both it is the embedded one', async () => {
    const file = join(project.folder, 'scripts/sluice/bin.mjs');
    const env = { DATABASE_URL: embedded.database.url };
    const args = [file, 'rollback', '--yes'];
    expect((await project.run(process.execPath, args, { env })).stderr).toContain(`${hostOf(embedded)} (DATABASE_URL)`);
    expect(await stages()).toEqual(['D1', 'rolled_back']);
    await writeWeights(embedded.sql, { fal: 0.9, runware: 0.1 });
    project.write('.env.local', '# nothing\n');
    const { stderr } = await sluice('rollback', '--yes');
    expect(stderr).toContain(`(Sluice's own, ${join(project.folder, '.data/database-url')})`);
    expect(await stages()).toEqual(['D1', 'rolled_back']);
  });

  it('the script of the plan does, too', async () => {
    const { code, stdout, stderr } = await script('{"fal":0.5,"runware":0.5}');
    expect({ code, stages: await stages() }).toEqual({ code: 0, stages: ['D2', 'D1'] });
    for (const said of [stdout, stderr]) expect(said).toContain(`${nameOf(production)} on ${hostOf(production)}`);
    expect(stdout + stderr).not.toContain(passwordOf(production));
    const json = JSON.parse((await script('{"fal":0.9,"runware":0.1}', '--json')).stdout);
    expect(json).toMatchObject({ ok: true, database: { host: hostOf(production), name: nameOf(production) } });
  });

  it('and migrate', async () => {
    const { code, stdout, stderr } = await project.run('npm', ['run', 'migrate'], { cwd: join(project.folder, 'lib') });
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining(nameOf(production)) });
    expect(stdout).toContain(`database ${nameOf(production)} on ${hostOf(production)}`);
  });
});

describe('a DATABASE_URL that leads elsewhere', () => {
  it('is refused by every program without the tail of its password', async () => {
    const url = production.database.url.replace(/:[^:@/]+@/, ':begin#tail@');
    project.write('.env.local', `DATABASE_URL='${url}'\n`);
    const runs = await Promise.all([
      sluice('rollback', '--yes'),
      script('{"fal":0.5,"runware":0.5}'),
      sluice('doctor'),
      project.run('npm', ['run', 'migrate']),
    ]);
    for (const { code, stdout, stderr } of runs) {
      expect({ code, said: stdout + stderr }).toEqual({ code: 1, said: expect.stringContaining('written as %23') });
      expect(stdout + stderr).not.toMatch(/begin|tail@/);
    }
    expect(await stages()).toEqual(['D1', 'D1']);
  });
});
