import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

/** A page that names files is wrong with the first file that moves. */
it.each(['docs/architecture.md', 'docs/architecture.zh-CN.md'])('%s names files that are there', (page) => {
  const text = readFileSync(page, 'utf8');
  const named = [...text.matchAll(/`((?:lib|app|scripts|test|supabase)\/[^`]*)`/g)].map(([, path]) => path ?? '');
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
});

it.each(['docs/architecture.md', 'docs/architecture.zh-CN.md'])('%s means a file beside the one before it', (page) => {
  const lost: string[] = [];
  let beside: string[] = [];
  for (const [, name = ''] of readFileSync(page, 'utf8').matchAll(/`([\w()./-]+(?:\.tsx?|\/))`/g)) {
    if (name.includes('/')) beside = [...beside, name.endsWith('/') ? name : dirname(name)].slice(-4);
    else if (!beside.some((folder) => existsSync(join(folder, name)))) lost.push(name);
  }
  expect(lost).toEqual([]);
});
