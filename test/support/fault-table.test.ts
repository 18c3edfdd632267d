import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { faultTable, missingFaults, readFaults, type SeenFault } from '@/scripts/test/fault-table';

const seen = (id: string, more: Partial<SeenFault> = {}): SeenFault => ({
  ...{ id, fault: 'a fault', injected: 'by hand', expected: 'nothing', seen: '0 of 9 failed', ms: 1234, ok: true },
  ...more,
});

it('names the rows of the catalogue that nobody tested', () => {
  const all = Array.from({ length: 45 }, (_, index) => seen(`F${index + 1}`));
  expect(missingFaults(all)).toEqual([]);
  expect(missingFaults(all.filter(({ id }) => id !== 'F9' && id !== 'F28'))).toEqual(['F9', 'F28']);
});

it('prints a row with its time, marks a failed one, and wraps what is long', () => {
  const lines = faultTable([seen('F1'), seen('F2', { ok: false, seen: 'word '.repeat(30) })]).split('\n');
  expect(lines[2]).toMatch(/^F1 +\| a fault +\| by hand +\| nothing +\| 0 of 9 failed +\| 1\.2 s/);
  expect(lines[4]).toMatch(/^F2! /);
  expect(new Set(lines.map(({ length }) => length)).size).toBe(1);
});

it('has a row for each answer of one fault, and of a test that ran twice the last', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-faults-'));
  const file = join(folder, 'faults.ndjson');
  const rows = [
    seen('F17', { fault: 'html' }),
    seen('F17', { fault: 'cut', ok: false }),
    seen('F17', { fault: 'cut' }),
  ];
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  expect(readFaults(file).map(({ fault, ok }) => [fault, ok])).toEqual([
    ['html', true],
    ['cut', true],
  ]);
  rmSync(folder, { recursive: true });
});
