import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSecretKey } from '@/lib/process/keys/secret-key';
import { fingerprintOf, unseal } from '@/lib/registry/keys/seal';
import { type TestDatabase, testDatabase } from '../support/database';
import { sluiceLines } from '../support/sluice-line';

const sluiceLine = sluiceLines();

const secret = randomBytes(32);
const key = 'kk-sentinel-of-fal-91a7';
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const env = (more: Record<string, string> = {}) => ({ SLUICE_SECRET_KEY: secret.toString('hex'), ...more });
const sluice = (args: readonly string[], stdin = '', more: Record<string, string> = env()) =>
  sluiceLine(args, { databaseUrl: database.url, stdin, env: more });

describe('sluice keys', () => {
  it('stores a key that comes on stdin, sealed, and says nothing of it but its end', async () => {
    const { code, stdout, stderr } = await sluice(['keys', 'set', 'fal'], `  ${key}\r\n`);
    expect(stderr).toContain('this writes to');
    expect(stdout).toContain('Key version 1 of fal is stored, ending in 91a7.');
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain(key);
    const [row] = await database.sql`select * from sluice.provider_keys`;
    expect(row?.sealed).not.toContain(key);
    expect(row?.sealed_with).toBe(fingerprintOf(secret));
    expect(row?.hint).toBe('91a7');
    expect(unseal(secret, { provider: 'fal', version: 1 }, row?.sealed)).toBe(key);
    const [entry] = await database.sql`
      select j.verb, j.actor, j.becomes from sluice.journal j where j.flag_key = 'sluice.registry' order by j.seq desc limit 1`;
    expect(entry?.verb).toBe('key_add');
    expect(entry?.actor).toMatch(/^cli:/);
    expect(entry?.becomes).not.toContain(row?.sealed);
  });

  it('refuses a key on the command line, and does not repeat it', async () => {
    const { code, stdout, stderr } = await sluice(['keys', 'set', 'fal', 'kk-on-the-line-1234']);
    expect(code).toBe(2);
    expect(stderr).toContain('stands in the shell history');
    expect(stdout + stderr).not.toContain('kk-on-the-line');
    const option = await sluice(['keys', 'set', 'fal', '--key=kk-on-the-line-1234']);
    expect(option.code).toBe(2);
    expect(option.stdout + option.stderr).not.toContain('kk-on-the-line');
  });

  it.each([
    ['', 'nothing was given'],
    ['two words', 'contains a space'],
    ['a\nb', 'contains a line break'],
    ['a\u001b[2Jb', 'cannot stand in an HTTP header'],
    ['x'.repeat(3000), 'has 3000 characters'],
  ])('refuses %j from stdin', async (given, sentence) => {
    const { code, stderr } = await sluice(['keys', 'set', 'fal'], given);
    expect(code).toBe(1);
    expect(stderr).toContain(sentence);
  });

  it('refuses a provider that nobody registered, and says which there are', async () => {
    const { code, stderr } = await sluice(['keys', 'set', 'fall'], key);
    expect(code).toBe(1);
    expect(stderr).toContain('there is no provider fall; there are fal, runware');
  });

  it('refuses without SLUICE_SECRET_KEY, and with one that is none', async () => {
    const without = await sluice(['keys', 'set', 'fal'], key, {});
    expect(without.code).toBe(1);
    expect(without.stderr).toContain('No key was stored: SLUICE_SECRET_KEY is not set');
    const bad = await sluice(['keys', 'set', 'fal'], key, { SLUICE_SECRET_KEY: 'too-short' });
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain('SLUICE_SECRET_KEY must be 32 bytes');
    expect(bad.stderr).not.toContain('too-short');
  });

  it('lists where each key comes from, and retires the old ones', async () => {
    await sluice(['keys', 'set', 'fal'], `${key}-2`);
    const { stdout } = await sluice(['keys', 'list', '--json'], '', env({ RUNWARE_API_KEY: 'rw-0123456789abcdef' }));
    const { providers } = JSON.parse(stdout);
    expect(providers).toMatchObject([
      {
        provider: 'fal',
        source: { kind: 'stored', version: 2 },
        keys: [{ version: 2, hint: '1a7-2'.slice(-4) }, { version: 1 }],
      },
      { provider: 'runware', source: { kind: 'environment', variable: 'RUNWARE_API_KEY' }, keys: [] },
    ]);
    expect(stdout).not.toMatch(/sealed":|kk-sentinel|rw-0123/);
    const retired = await sluice(['keys', 'retire', 'fal', '--yes', '--json']);
    expect(JSON.parse(retired.stdout)).toMatchObject({ provider: 'fal', retired: [1] });
    const again = await sluice(['keys', 'retire', 'fal', '--yes']);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('fal has no key that is older than its newest');
    const text = await sluice(['keys', 'list']);
    expect(text.stdout).toMatch(/fal +\| stored, version 2/);
    expect(text.stdout).toContain('none (RUNWARE_API_KEY is not set)');
  });

  it('seals everything anew with another secret, or nothing', async () => {
    const next = randomBytes(32);
    const same = await sluice(['keys', 'rotate-secret', '--yes'], secret.toString('base64'));
    expect(same.stderr).toContain('is the one in use');
    const lost = await sluice(['keys', 'rotate-secret', '--yes'], next.toString('hex'), {
      SLUICE_SECRET_KEY: randomBytes(32).toString('hex'),
    });
    expect(lost.code).toBe(1);
    expect(lost.stderr).toContain('Nothing was sealed anew: fal: key version 1 cannot be read');
    const done = await sluice(
      ['keys', 'rotate-secret', '--yes'],
      '',
      env({ SLUICE_NEW_SECRET_KEY: next.toString('hex') }),
    );
    expect(done.stderr + done.stdout).toContain('2 keys are sealed with the new SLUICE_SECRET_KEY');
    expect(done.stdout).toContain('Now set SLUICE_SECRET_KEY to the new one');
    expect(done.stdout + done.stderr).not.toContain(next.toString('hex'));
    const rows = await database.sql<
      { version: number; sealed: string }[]
    >`select * from sluice.provider_keys order by version`;
    expect(rows.map((row) => unseal(next, { provider: 'fal', version: row.version }, row.sealed))).toEqual([
      key,
      `${key}-2`,
    ]);
  });
});

describe('the secret key of an embedded database', () => {
  it('is a file of the data folder, made once, for nobody else to read, and used by commands', async () => {
    const own = await testDatabase();
    const folder = mkdtempSync(join(tmpdir(), 'sluice-secret-'));
    try {
      writeFileSync(join(folder, 'database-url'), `${own.url}\n`);
      makeSecretKey(folder);
      const made = readFileSync(join(folder, 'secret-key'), 'utf8');
      makeSecretKey(folder);
      expect(readFileSync(join(folder, 'secret-key'), 'utf8')).toBe(made);
      expect(statSync(join(folder, 'secret-key')).mode & 0o777).toBe(0o600);
      const here = { SLUICE_DATA_DIR: folder };
      const stored = await sluiceLine(['keys', 'set', 'fal'], { stdin: key, env: here });
      expect(stored.stderr + stored.stdout).toContain('Key version 1 of fal is stored');
      const next = randomBytes(32).toString('base64');
      const rotated = await sluiceLine(['keys', 'rotate-secret', '--yes'], { stdin: next, env: here });
      expect(rotated.stdout).toContain('1 key is sealed');
      expect(readFileSync(join(folder, 'secret-key'), 'utf8').trim()).toBe(next);
      expect(statSync(join(folder, 'secret-key')).mode & 0o777).toBe(0o600);
      const listed = await sluiceLine(['keys', 'list'], { env: here });
      expect(listed.stdout).toMatch(/fal +\| stored, version 1/);
    } finally {
      await own.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
