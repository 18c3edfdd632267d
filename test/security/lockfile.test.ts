import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly version?: string;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>;
const entries = Object.entries(lock.packages).filter(([path]) => path !== '');

describe('the lockfile', () => {
  it('holds packages of a registry only: no git, no file, no link, no address of one machine', () => {
    const strange = entries.filter(
      ([, { resolved, link }]) =>
        link === true || (resolved !== undefined && !/^https:\/\/[^/]+\/.+\.tgz$/.test(resolved)),
    );
    expect(strange.map(([path]) => path)).toEqual([]);
  });

  it('has an integrity for every package that names where it comes from', () => {
    expect(entries.filter(([, { resolved, integrity }]) => resolved && !integrity).map(([path]) => path)).toEqual([]);
  });

  it('comes from a manifest that asks for versions, not for places', () => {
    const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
    expect(Object.entries(wanted).filter(([, range]) => !/^[~^]?\d/.test(range))).toEqual([]);
  });
});
