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

/** Imports as paths from the root (`lib/split/pick`), packages as they are (`zod`). */
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

/** Which rooms a room of lib/ may import; only `process` sees all. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  config: ['kernel'],
  postgres: ['kernel'],
  http: ['kernel', 'config'],
  split: ['kernel'],
  rule: ['kernel', 'split'],
  replay: ['kernel', 'split', 'rule'],
  api: ['split', 'rule', 'replay'],
  log: ['kernel', 'postgres', 'rule'],
  access: ['kernel', 'postgres', 'http', 'api'],
  registry: ['kernel', 'config', 'postgres', 'split', 'api', 'access'],
  control: ['kernel', 'postgres', 'split', 'rule', 'replay', 'api', 'log', 'access', 'registry'],
  gateway: ['kernel', 'config', 'postgres', 'split', 'api', 'log', 'registry', 'control'],
  jobs: ['kernel', 'postgres', 'api', 'registry', 'gateway'],
  relay: ['kernel', 'http', 'postgres', 'registry', 'gateway', 'jobs'],
  notify: ['kernel', 'postgres', 'api', 'access'],
  'as-code': ['kernel', 'postgres', 'split', 'replay', 'api', 'access', 'registry', 'control'],
  watch: ['kernel', 'config', 'split', 'rule', 'api', 'control', 'notify'],
  charts: ['kernel', 'postgres', 'split', 'rule', 'api', 'log', 'control'],
  doctor: ['kernel', 'postgres', 'split', 'registry', 'control'],
  doors: [
    'kernel',
    'config',
    'http',
    'split',
    'replay',
    'api',
    'access',
    'registry',
    'control',
    'gateway',
    'jobs',
    'relay',
    'notify',
    'charts',
    'as-code',
  ],
};

const roomOf = (name: string) => (name.startsWith('lib/') ? (name.split('/')[1] ?? '') : (name.split('/')[0] ?? ''));

describe('the rooms and their arrows', () => {
  it('finds the code it speaks of', () => {
    expect(within('lib/rule').length).toBeGreaterThan(5);
    expect(within('lib/control').length).toBeGreaterThan(5);
    expect(sources.flatMap(({ imports }) => imports).filter(isOurs).length).toBeGreaterThan(50);
  });

  it('every room is known', () => {
    const rooms = [...new Set(within('lib').map(({ file }) => roomOf(file)))];
    expect(rooms.filter((room) => room !== 'process' && !(room in arrows))).toEqual([]);
    expect(Object.keys(arrows).filter((room) => !rooms.includes(room))).toEqual([]);
  });

  it.each(Object.entries(arrows))('lib/%s imports itself, packages and %j', (room, others) => {
    const allowed = [room, ...others];
    const faults = trespasses(`lib/${room}`, (name) => !isOurs(name) || allowed.includes(roomOf(name)));
    expect(faults).toEqual([]);
  });

  it('every arrow is gone along', () => {
    const gone = (room: string) => new Set(within(`lib/${room}`).flatMap(({ imports }) => imports.map(roomOf)));
    const idle = Object.entries(arrows).flatMap(([room, others]) =>
      others.filter((other) => !gone(room).has(other)).map((other) => `${room} needs no ${other}`),
    );
    expect(idle).toEqual([]);
  });

  it.each(['docs/architecture.md', 'docs/architecture.zh-CN.md'])('%s draws these arrows', (page) => {
    const rows = [...readFileSync(join(root, page), 'utf8').matchAll(/^\| `([\w-]+)` .*\|([^|]*)\|$/gm)];
    const drawn = rows.map(([, room, others = '']) => [
      room,
      [...others.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    ]);
    expect(Object.fromEntries(drawn)).toEqual({ ...arrows, process: [] });
  });

  it('lib imports neither pages nor commands', () => {
    const faults = trespasses('lib', (name) => !under('app', 'scripts', 'test')(name));
    expect(faults).toEqual([]);
  });

  it('no imports go round in a circle', () => {
    expect(circles(sources)).toEqual([]);
  });

  it('a folder holds at most 20 files of code', () => {
    const counts = new Map<string, number>();
    for (const { file } of sources) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > 20)).toEqual([]);
  });

  it('code that runs in the browser sees only what is pure, the shapes of answers, components and queries', () => {
    const browser = within('app').filter(
      ({ text, file }) => /^\s*['"]use client['"]/.test(text) || /\/_(components|queries)\//.test(file),
    );
    const pure = under('lib/kernel', 'lib/split', 'lib/rule', 'lib/replay', 'lib/api', 'app');
    const faults = browser.flatMap(({ file, imports }) =>
      imports
        .filter((name) => (isOurs(name) && !pure(name)) || name.startsWith('node:') || builtinModules.includes(name))
        .map((name) => `${file} imports ${name}`),
    );
    expect(faults).toEqual([]);
  });
});

/** What Next itself imports of a page's file. */
const calledByNext =
  /^(?:app\/.*\/?(?:page|layout|route|error|not-found|global-error|template|loading)\.tsx?|app\/_i18n\/request\.ts)$/;

/** `file: name` for each export that neither another file nor a test imports by its name. */
function unimported(): string[] {
  const known = new Set(sources.map(({ file }) => file));
  const used = new Set<string>();
  for (const { file, text } of [...sources, read('next.config.ts'), ...filesBelow('test').map(read)]) {
    const clauses = text.matchAll(/^import (?:type )?(\{[^}]*\}|[^'"]*?) from '([^']+)'|\bimport\('([^']+)'\)/gm);
    for (const [, clause = '*', from, lazy] of clauses) {
      const name = from ?? lazy ?? '';
      const path = name.startsWith('@/') ? name.slice(2) : relative(root, join(root, dirname(file), name));
      const target = ['', '.ts', '.tsx', '.mjs'].map((end) => path + end).find((each) => known.has(each));
      const names = clause.startsWith('{') ? clause.slice(1, -1).split(',') : ['*'];
      for (const each of names) used.add(`${target}: ${each.trim().replace(/^type |\s+as\s.*$/g, '')}`);
    }
  }
  return sources
    .filter(({ file }) => !calledByNext.test(file))
    .flatMap(({ file, text }) =>
      [...text.matchAll(/^export (?:async )?(?:const|function\*?|class|interface|type) (\w+)/gm)].map(
        ([, name]) => [file, name] as const,
      ),
    )
    .filter(([file, name]) => !used.has(`${file}: ${name}`) && !used.has(`${file}: *`))
    .map(([file, name]) => `${file}: ${name}`);
}

/** The groups of files that import each other, however long the way round (Tarjan's algorithm). */
function circles(all: readonly Source[]): string[][] {
  const files = new Map(all.map((source) => [source.file, source]));
  const fileOf = (name: string) => ['', '.ts', '.tsx', '.mjs'].map((end) => name + end).find((file) => files.has(file));
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const path: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): number => {
    const mine = order.size;
    order.set(file, mine);
    lowest.set(file, mine);
    path.push(file);
    for (const name of files.get(file)?.imports ?? []) {
      const next = fileOf(name);
      if (next === undefined) continue;
      const reached = order.has(next) ? (path.includes(next) ? (order.get(next) ?? mine) : mine) : visit(next);
      lowest.set(file, Math.min(lowest.get(file) ?? mine, reached));
    }
    if (lowest.get(file) === mine) {
      const group = path.splice(path.indexOf(file));
      if (group.length > 1) found.push(group.sort());
    }
    return lowest.get(file) ?? mine;
  };
  for (const file of files.keys()) if (!order.has(file)) visit(file);
  return found;
}

describe('time, chance, environment and network are passed in', () => {
  const impure =
    /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.|\bfetch\(|\bperformance\.|\bset(?:Timeout|Interval)\(|\bcrypto\./;

  it.each(['lib/split', 'lib/rule', 'lib/replay', 'lib/control/verbs', 'lib/control/rollout', 'lib/gateway/request'])(
    '%s reads none of them',
    (room) => {
      const faults = within(room).flatMap(({ file, text }) =>
        text
          .split('\n')
          .flatMap((line, index) =>
            impure.test(line.replace(/\/\/.*|\*.*/, '')) ? [`${file}:${index + 1} ${line.trim()}`] : [],
          ),
      );
      expect(faults).toEqual([]);
    },
  );
});

describe('the house style', () => {
  it('no file is longer than 250 lines', () => {
    const long = sources
      .filter(({ text }) => text.split('\n').length > 251)
      .map(({ file, text }) => `${file}: ${text.split('\n').length} lines`);
    expect(long).toEqual([]);
  });

  it('every export has another file that imports it', () => {
    expect(unimported()).toEqual([]);
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
