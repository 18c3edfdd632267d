import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { keyJournal } from '@/lib/gateway/request/key-journal';
import { splitsFile } from '@/lib/gateway/weights/splits-file';
import { type Clocks, readSegment, writeSegment } from '@/lib/log/spool/segment';
import { splitStatements } from '@/lib/postgres/migrate/split-statements';
import { anyJson, anyText, mangled, nasty } from './grammar';
import { texts, tries, withinMs } from './size';

vi.setConfig({ testTimeout: withinMs });

const clocks: Clocks = { now: () => 1_000_000, monotonic: () => 5000, run: 'this' };
const stored = fc.record({
  event_type: fc.constantFrom('gen_ok', 'gen_route'),
  event_data: fc.dictionary(fc.string(), fc.jsonValue()),
  age_ms: fc.nat(),
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-fuzz-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a file that a crash or a person left', () => {
  it('gives of a torn segment the events before the tear', () => {
    fc.assert(
      fc.property(fc.array(stored, { maxLength: 6 }), fc.nat(), (events, at) => {
        const text = writeSegment(events, clocks);
        const read = readSegment(text.slice(0, at % (text.length + 1)), clocks);
        expect(read).toEqual(JSON.parse(JSON.stringify(events.slice(0, read.length))));
      }),
      tries(texts),
    );
  });

  it('gives of any segment only events that can be stored', () => {
    const head = anyJson.map((value) => JSON.stringify({ run: 'this', wall_ms: 1, monotonic_ms: value }));
    const line = fc.oneof(
      mangled(stored.map((event) => JSON.stringify(event))),
      fc.tuple(stored, anyJson).map(([event, data]) => JSON.stringify({ ...event, event_data: data })),
      anyText,
    );
    fc.assert(
      fc.property(fc.oneof(head, anyText), fc.array(line, { maxLength: 6 }), (first, lines) => {
        for (const event of readSegment(`${[first, ...lines].join('\n')}\n`, clocks)) {
          expect(typeof event.event_type).toBe('string');
          expect(Number.isFinite(event.age_ms) && event.age_ms >= 0).toBe(true);
          expect(typeof event.event_data === 'object' && event.event_data !== null).toBe(true);
        }
      }),
      tries(texts),
    );
  });

  it('gives of any idempotency journal only keys with a state', () => {
    const path = join(folder, 'keys.ndjson');
    const key = fc.record({ keyHash: fc.string(), bodyHash: fc.string(), state: fc.constant('done'), at: fc.nat() });
    const line = fc.oneof(
      mangled(key.map((each) => JSON.stringify(each))),
      anyJson.map((value) => JSON.stringify(value)),
      anyText,
      nasty,
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        writeFileSync(path, `${lines.join('\n')}\n`);
        for (const { keyHash, state } of keyJournal(path, () => 1).load()) {
          expect(typeof keyHash).toBe('string');
          expect(['running', 'done', 'unknown']).toContain(state);
        }
      }),
      tries(texts),
    );
  });

  it('gives of any weights file a row or nothing', () => {
    const path = join(folder, 'weights.json');
    const row = fc.record({ version: fc.integer(), text: anyText, stage: anyText, from: fc.constant('db') });
    fc.assert(
      fc.property(fc.oneof(mangled(row.map((each) => JSON.stringify(each))), anyText), (text) => {
        writeFileSync(path, text);
        for (const { row: read } of splitsFile(path, 'db').read()?.splits ?? [])
          if (read) expect([typeof read.text, Number.isSafeInteger(read.version)]).toEqual(['string', true]);
      }),
      tries(texts),
    );
  });
});

describe('SQL', () => {
  const statement = fc.constantFrom(
    'select 1',
    'select \'a;b\', "c;d" -- e;f\n from g',
    "select 'it''s' /* ; */",
    'create function f() returns int language plpgsql as $$ begin return 1; end $$',
    'do $body$ begin perform $$;$$; end $body$',
    'create function g() returns int begin atomic select case when true then 1 else 2 end; end',
  );

  it('is cut into the statements it was joined from', () => {
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 8 }), fc.constantFrom(';', ';\n', ' ;; '), (statements, glue) => {
        expect(splitStatements(statements.join(glue))).toEqual(statements);
      }),
      tries(texts),
    );
  });

  it('of any text loses nothing but blanks, comments and semicolons', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, mangled(fc.array(statement).map((all) => all.join(';')))), (text) => {
        const pieces = splitStatements(text);
        let at = 0;
        for (const piece of pieces) {
          const found = text.indexOf(piece, at);
          expect(found).toBeGreaterThanOrEqual(at);
          at = found + piece.length;
        }
      }),
      tries(texts),
    );
  });
});
