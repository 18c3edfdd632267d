import { expect, test } from 'vitest';
import { readMigrations } from '@/lib/postgres/migrate/files';
import { addTraces, type Traces } from '@/lib/postgres/migrate/traces';

/** Applied a second time these do no harm. Whoever adds a file that leaves no trace makes it so, and names it here. */
const repeatable: readonly string[] = [
  '20261129002600_shipped_models.sql',
  '20261129002805_listed_sizes.sql',
  '20261129002820_video_models.sql',
];

test('every migration leaves a trace by which it is recognised when the ledger is lost', () => {
  const traces: Traces = new Map();
  const without: string[] = [];
  for (const migration of readMigrations()) {
    const before = JSON.stringify([...traces]);
    addTraces(traces, migration);
    if (JSON.stringify([...traces]) === before) without.push(migration.file);
  }
  expect(without).toEqual(repeatable);
});

test('a function is known by its arguments and its body, whatever stands in it', () => {
  const traces: Traces = new Map();
  const statements = [
    "-- why\ncreate function sluice.a(x numeric(3, 2),\n  y text) returns text language sql as $$ select '$1' $$",
    'create or replace function sluice.b() returns int language sql\nreturn 1',
    'create table sluice.c (d int)',
    'alter table sluice.c add column e int, add column if not exists f int',
  ];
  addTraces(traces, { version: '1', name: 'n', file: 'f', statements });
  expect([...traces]).toEqual([
    ['function sluice.a(x numeric(3, 2), y text)', " select '$1' "],
    ['function sluice.b()', null],
    ['table sluice.c', null],
    ['column sluice.c.e', null],
    ['column sluice.c.f', null],
  ]);
  addTraces(traces, { version: '2', name: 'n', file: 'f', statements: ['drop function sluice.a(numeric, text)'] });
  expect([...traces.keys()]).not.toContain('function sluice.a(x numeric(3, 2), y text)');
});

test('of functions that share a name, one is dropped by the number of its arguments', () => {
  const traces: Traces = new Map();
  const made = (list: string) => `create function sluice.a(${list}) returns text language sql return 'x'`;
  const statements = [made('x numeric(3, 2), out z text'), made('x text, y text'), 'drop function sluice.a(numeric)'];
  addTraces(traces, { version: '1', name: 'n', file: 'f', statements });
  expect([...traces.keys()]).toEqual(['function sluice.a(x text, y text)']);
});

test('one statement drops several functions', () => {
  const traces: Traces = new Map();
  const made = (name: string) => `create function sluice.${name}(x text) returns text language sql return 'x'`;
  const statements = [made('a'), made('b'), made('c'), 'drop function sluice.a(text), sluice.c(text)'];
  addTraces(traces, { version: '1', name: 'n', file: 'f', statements });
  expect([...traces.keys()]).toEqual(['function sluice.b(x text)']);
});
