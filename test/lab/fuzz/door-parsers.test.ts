import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { JournalEntry } from '@/lib/api/journal-entry';
import { BadEnvironment, parseEnv } from '@/lib/config/env';
import { journalCsv } from '@/lib/doors/control/journal-csv';
import { journalFilters, journalQuery } from '@/lib/doors/control/journal-query';
import { readGenerate } from '@/lib/doors/sluice/generate';
import { ingestEvents } from '@/lib/gateway/reported/ingest-events';
import { parseJson } from '@/lib/http/body/read-body';
import { fields, readFields, reason } from '@/lib/http/body/read-fields';
import { optionalIfMatch } from '@/lib/http/if-match';
import type { Incoming } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { placed, readQuery, spanOf } from '@/lib/http/read-query';
import { duplicateKey } from '@/lib/kernel/json-text';
import { shownLines } from '@/lib/kernel/plain-text';
import { EventQueue } from '@/lib/log/event-queue';
import { webhookUrlFault } from '@/lib/notify/webhook-url';
import type { Caller } from '@/lib/registry/callers/caller';
import { almost, anyJson, anyText, event, mangled, nasty } from './grammar';
import { texts, tries, withinMs } from './size';

vi.setConfig({ testTimeout: withinMs });

/** What a parser gives, or the problem it names; anything else it throws is a defect. */
function outcome<T>(read: () => T, statuses: readonly number[]): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(statuses).toContain(error.status);
    expect(error.message.length).toBeLessThan(400);
    return null;
  }
}

const incoming = (more: Partial<Incoming> & { headers?: Record<string, string> }): Incoming => ({
  ...{ method: 'POST', path: '/', query: new URLSearchParams(), body: null, remote: null, requestId: 'r' },
  header: (name) => more.headers?.[name] ?? null,
  ...more,
});
const json = { 'content-type': 'application/json' };

describe('a body of any bytes', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    mangled(anyJson.map((value) => JSON.stringify(value))).map((text) => new TextEncoder().encode(text)),
  );

  it('is the JSON that it says, or refused with a sentence', () => {
    fc.assert(
      fc.property(bytes, (body) => {
        const value = outcome(() => parseJson(incoming({ headers: json, body })), [400, 422]);
        if (value) expect(value.value).toEqual(JSON.parse(new TextDecoder().decode(body)));
        const reading = { invalid: 'weights-invalid', judgedAsWritten: 'weights' };
        outcome(() => readFields(fields({ reason }), incoming({ headers: json, body }), reading), [400, 422]);
      }),
      tries(texts),
    );
  });

  it('has a key written twice exactly when a member is lost by reading it', () => {
    const key = fc.constantFrom('a', 'b', '"', '\\', '__proto__', 'é');
    fc.assert(
      fc.property(fc.array(fc.tuple(key, anyJson), { maxLength: 4 }), (members) => {
        const text = `{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(' , ')}}`;
        expect(duplicateKey(text) !== null).toBe(new Set(members.map(([name]) => name)).size < members.length);
      }),
      tries(texts),
    );
  });

  it('is a request for images in range, or 422', () => {
    const good = fc.record(
      {
        prompt: anyText,
        model: fc.constantFrom('flux-schnell', 'flux-dev'),
        width: fc.integer({ min: 0, max: 40 }).map((steps) => steps * 64),
        height: fc.nat({ max: 2048 }),
        n: fc.nat({ max: 5 }),
        user: anyText,
      },
      { requiredKeys: ['prompt'] },
    );
    fc.assert(
      fc.property(almost(good), (body) => {
        const wanted = outcome(() => readGenerate(body), [422]);
        if (!wanted) return;
        const { width = 1024, n } = wanted;
        expect([64 <= width, width <= 8192, n >= 1, n <= 10]).not.toContain(false);
        expect(wanted.prompt).not.toContain('\0');
      }),
      tries(texts),
    );
  });

  it('of events is taken item by item: stored or named, never both, never neither', () => {
    fc.assert(
      fc.property(fc.array(almost(event), { maxLength: 12 }), (items) => {
        const queue = idleQueue();
        const record = vi.spyOn(queue, 'record');
        const caller: Caller = { name: 'anyone', scopes: new Set(['events', 'events:foreign', 'events:backfill']) };
        const rules = { providers: ['fal', 'runware'], nowMs: Date.now(), caller, served: new Map() };
        const faults = ingestEvents(queue, items, rules);
        const named = new Set(faults.map(({ pointer }) => Number(pointer.split('/')[1])));
        expect(record.mock.calls.length + named.size).toBe(items.length);
        expect([...named].every((index) => index in items)).toBe(true);
        for (const [, data] of record.mock.calls) expect(JSON.stringify(data)).not.toMatch(/\\u0000|\\ud[89a-f]/);
      }),
      tries(texts),
    );
  });
});

function idleQueue(): EventQueue {
  return new EventQueue({
    writer: { writeBatch: async () => undefined },
    spool: null,
    monotonic: () => 0,
    newId: () => 'id',
    within: (_ms, call) => call,
    soon: () => {},
    warn: () => {},
  });
}

describe('a header or a query of any text', () => {
  it('is a version, or a refusal', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, mangled(fc.bigInt().map((value) => `"${value}"`))), (header) => {
        const version = outcome(() => optionalIfMatch(incoming({ headers: { 'if-match': header } })), [400]);
        if (version !== null) expect([Number.isSafeInteger(version), version >= 0]).toEqual([true, true]);
      }),
      tries(texts),
    );
  });

  it('is a query with every value in its range, or 422', () => {
    const names = ['limit', 'before', 'from', 'to', 'window', 'format', 'flag', 'actor', 'verb', 'text'];
    const value = fc.oneof(nasty, anyText, fc.constantFrom('1', '500', '6h', '10d', 'csv', '2026-11-21T00:00:00Z'));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 4 }), (members) => {
        const query = new URLSearchParams(members);
        const journal = outcome(() => journalQuery(readQuery(journalFilters, query)), [422]);
        if (journal) expect([journal.query.limit >= 1, journal.query.limit <= 10_000]).toEqual([true, true]);
        const span = outcome(() => placed(readQuery(spanOf('6h'), query), Date.now()), [422]);
        if (span) expect(span.toMs - span.fromMs).toBeLessThanOrEqual(10 * 86_400_000);
        if (span) expect([new Date(span.fromMs), new Date(span.toMs)].map(Number)).not.toContain(Number.NaN);
      }),
      tries(texts),
    );
  });

  it('makes no cell that a spreadsheet runs, and no row that is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyText, anyText), { maxLength: 5 }), (rows) => {
        const entries = rows.map(([actor, reason], id) => ({ id, actor, reason }) as unknown as JournalEntry);
        const [, ...read] = readCsv(journalCsv(entries).slice(1));
        expect(read.length).toBe(rows.length);
        for (const [i, cells] of read.entries()) {
          expect(cells.filter((cell) => /^\s*[=+\-@]/.test(cell))).toEqual([]);
          // Hidden signs are written out, as in everything that shows what is stored.
          expect(cells[3]?.replace(/^'/, '')).toBe(shownLines(rows[i]?.[0] ?? '').replace(/^'/, ''));
        }
      }),
      tries(texts),
    );
  });

  it('is an environment, or faults that name keys and hide secrets', () => {
    const keys = ['DATABASE_URL', 'FAL_KEY', 'FAL_BASE_URL', 'PORT', 'HOST', 'CRON_SECRET', 'SLUICE_API_KEYS'];
    const more = ['SUPABASE_URL', 'GEN_BASELINE_COST_USD', 'SLUICE_SANDBOX', 'SLUICE_ALLOWED_HOSTS', 'LOG_LEVEL'];
    const text = fc.oneof(
      anyText,
      mangled(fc.constantFrom('https://a.example', 'postgres://u:p@h:5432/d', '1', 'true')),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys, ...more), text, { maxKeys: 5 }), fc.uuid(), (source, key) => {
        const given = { ...source, FAL_KEY: `${source.FAL_KEY ?? ''}${key}` };
        try {
          parseEnv(given);
        } catch (error) {
          if (!(error instanceof BadEnvironment)) throw error;
          expect(error.faults.every((fault) => [...keys, ...more].includes(fault.key))).toBe(true);
          expect(error.message).not.toContain(key);
        }
      }),
      tries(texts),
    );
  });

  it('is no webhook to a private address, however that is spelt', () => {
    const octet = fc.nat({ max: 255 });
    const address = fc.oneof(
      fc.tuple(fc.constantFrom(10, 127, 0), octet, octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
      fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
    );
    const spelling = fc.constantFrom('dotted', 'number', 'hex', 'octal', 'mapped', 'dot');
    fc.assert(
      fc.property(address, spelling, ([a, b, c, d], how) => {
        const number = ((a * 256 + b) * 256 + c) * 256 + d;
        const dotted = [a, b, c, d].join('.');
        const hosts = {
          ...{ dotted, number: `${number}`, hex: `0x${number.toString(16)}`, dot: `${dotted}.` },
          ...{ octal: [a, b, c, d].map((part) => `0${part.toString(8)}`).join('.'), mapped: `[::ffff:${dotted}]` },
        };
        expect(webhookUrlFault(`https://${hosts[how as keyof typeof hosts]}/hook`, false)).not.toBeNull();
      }),
      tries(texts),
    );
    fc.assert(
      fc.property(anyText, fc.boolean(), (text, allowPrivate) => {
        const fault = webhookUrlFault(text, allowPrivate);
        if (fault === null) expect(new URL(text).protocol).toMatch(/^https?:$/);
      }),
      tries(texts),
    );
  });
});

/** RFC 4180, as a spreadsheet reads it. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let cells: string[] = [];
  const cell = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n)/y;
  for (let match = cell.exec(text); match; match = cell.exec(text)) {
    const [, raw = '', end] = match;
    cells.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end === ',') continue;
    rows.push(cells);
    cells = [];
  }
  return rows;
}
