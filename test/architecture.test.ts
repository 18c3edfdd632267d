import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Source {
  readonly file: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return /\.(ts|tsx|mjs)$/.test(entry.name) ? [path] : [];
  });
}

/** Imports as paths from the root (`lib/rollout/pick`), packages as they are (`zod`). */
function read(file: string): Source {
  const text = readFileSync(join(root, file), 'utf8');
  const specifiers = [
    ...text.matchAll(
      /^(?:import|export|\})[^'"\n]*\bfrom ['"]([^'"]+)['"]|^import ['"]([^'"]+)['"]|\bimport\(['"]([^'"]+)['"]\)/gm,
    ),
  ];
  const imports = specifiers.map(([, from, bare, lazy]) => {
    const name = from ?? bare ?? lazy ?? '';
    if (name.startsWith('@/')) return name.slice(2);
    return name.startsWith('.') ? relative(root, join(root, dirname(file), name)) : name;
  });
  return { file, text, imports };
}

const sources = ['lib', 'app', 'scripts'].flatMap(filesBelow).map(read);
const within = (room: string) => sources.filter(({ file }) => file.startsWith(`${room}/`));
const isOurs = (name: string) => /^(app|lib|scripts|test)\//.test(name);

/** `file imports name` for every import of the room that the door does not let through. */
function trespasses(room: string, mayImport: (name: string, source: Source) => boolean): string[] {
  return within(room).flatMap((source) =>
    source.imports.filter((name) => !mayImport(name, source)).map((name) => `${source.file} imports ${name}`),
  );
}

const under =
  (...rooms: string[]) =>
  (name: string) =>
    rooms.some((room) => name === room || name.startsWith(`${room}/`));

describe('the rooms have doors', () => {
  it('finds the code it speaks of', () => {
    expect(within('lib/rollout').length).toBeGreaterThan(5);
    expect(within('lib/operations').length).toBeGreaterThan(5);
    expect(sources.flatMap(({ imports }) => imports).filter(isOurs).length).toBeGreaterThan(50);
  });

  it('lib/rollout imports nothing but itself', () => {
    expect(trespasses('lib/rollout', under('lib/rollout'))).toEqual([]);
  });

  it('lib/operations imports the domain and ports only', () => {
    expect(trespasses('lib/operations', under('lib/rollout', 'lib/operations'))).toEqual([]);
  });

  it('an adapter imports the domain, the ports, configuration, what the network may reach, and its own folder', () => {
    const faults = trespasses('lib/adapters', (name, { file }) => {
      const own = file.split('/').slice(0, 3).join('/');
      return (
        !isOurs(name) || under('lib/rollout', 'lib/operations/ports', 'lib/config', 'lib/adapters/network', own)(name)
      );
    });
    expect(faults).toEqual([]);
  });

  it('lib/config imports the domain and packages', () => {
    expect(trespasses('lib/config', (name) => !isOurs(name) || under('lib/rollout', 'lib/config')(name))).toEqual([]);
  });

  it('lib/http never imports an adapter or the wire', () => {
    expect(trespasses('lib/http', (name) => !under('lib/adapters', 'lib/wire', 'app', 'scripts')(name))).toEqual([]);
  });

  it('only the wire and the runtime join adapters to operations', () => {
    const joined = [...within('lib'), ...within('app')]
      .filter(
        ({ imports }) =>
          imports.some(under('lib/adapters')) &&
          imports.some((name) => under('lib/operations')(name) && !under('lib/operations/ports')(name)),
      )
      .map(({ file }) => file)
      .filter((file) => file !== 'lib/process/web.ts' && !file.startsWith('lib/runtime/'));
    expect(joined).toEqual([]);
  });

  it('code that runs in the browser sees only the domain, components and queries', () => {
    const browser = within('app').filter(
      ({ text, file }) => /^\s*['"]use client['"]/.test(text) || /\/_(components|queries)\//.test(file),
    );
    const faults = browser.flatMap(({ file, imports }) =>
      imports
        .filter(
          (name) =>
            (isOurs(name) && !under('lib/rollout', 'app')(name)) ||
            name.startsWith('node:') ||
            builtinModules.includes(name),
        )
        .map((name) => `${file} imports ${name}`),
    );
    expect(faults).toEqual([]);
  });
});

describe('time, chance, environment and network are passed in', () => {
  const impure =
    /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.|\bfetch\(|\bperformance\.|\bset(?:Timeout|Interval)\(|\bcrypto\./;

  it.each(['lib/rollout', 'lib/operations'])('%s reads none of them', (room) => {
    const faults = within(room).flatMap(({ file, text }) =>
      text
        .split('\n')
        .flatMap((line, index) =>
          impure.test(line.replace(/\/\/.*|\*.*/, '')) ? [`${file}:${index + 1} ${line.trim()}`] : [],
        ),
    );
    expect(faults).toEqual([]);
  });
});

describe('the house style', () => {
  it('no file is longer than 250 lines', () => {
    const long = sources
      .filter(({ text }) => text.split('\n').length > 251)
      .map(({ file, text }) => `${file}: ${text.split('\n').length} lines`);
    expect(long).toEqual([]);
  });

  it('no file has a name that says nothing', () => {
    expect(
      sources
        .map(({ file }) => file)
        .filter((file) => /(?:^|\/)(?:utils?|helpers?|common|managers?|types)\.(?:ts|tsx)$/.test(file)),
    ).toEqual([]);
  });

  it('the top level holds what was agreed', () => {
    const agreed = [
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      'next.config.ts',
      'app',
      'lib',
      'supabase',
      'scripts',
      'test',
      'docs',
      'README.md',
      'README.zh-CN.md',
      'LICENSE',
      'vercel.json',
    ];
    const made = ['node_modules', 'next-env.d.ts', 'tsconfig.tsbuildinfo'];
    expect(
      readdirSync(root).filter((name) => !name.startsWith('.') && !agreed.includes(name) && !made.includes(name)),
    ).toEqual([]);
  });
});
