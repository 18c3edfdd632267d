import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadEnvFiles } from '@/lib/config/env-files';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-env-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what the shell has set wins over .env.local, and that over .env', () => {
  writeFileSync(join(folder, '.env'), 'A=env\nB=env\nC=env\n');
  writeFileSync(join(folder, '.env.local'), 'A=local\nB=local\n');
  const into: NodeJS.ProcessEnv = { NODE_ENV: 'test', A: 'shell' };
  loadEnvFiles(folder, into);
  expect(into).toEqual({ NODE_ENV: 'test', A: 'shell', B: 'local', C: 'env' });
});

test('the mark that Windows editors put before the first variable is no part of its name', () => {
  writeFileSync(join(folder, '.env.local'), '\uFEFFFIRST="a b"\r\nSECOND=2\r\n');
  const into: NodeJS.ProcessEnv = { NODE_ENV: 'test' };
  loadEnvFiles(folder, into);
  expect(into).toEqual({ NODE_ENV: 'test', FIRST: 'a b', SECOND: '2' });
});
