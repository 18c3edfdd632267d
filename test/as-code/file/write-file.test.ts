import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { writeConfig } from '@/lib/as-code/file/write-file';
import { readRows } from '@/lib/as-code/plan';
import type { StoredState } from '@/lib/as-code/read-state';

const example = readFileSync('docs/examples/sluice.yaml');
/** Without what stands before it; a formatter writes lists closer than the export does. */
const body = (text: string) => text.replace(/^(?:#.*\n|\n)+/, '').replace(/\[ (.*?) \]/g, '[$1]');

/** As if the database held what the file says. */
function stateOf(bytes: Uint8Array): StoredState {
  const rows = readRows('sluice.yaml', bytes).rows.map(({ row }) => row);
  return {
    ...{
      seen: '',
      rows,
      archived: new Set(),
      withWeights: new Set(),
      policyVersions: new Map(),
      policyFaults: new Map(),
    },
    slugs: new Map(rows.flatMap((row) => (row.of === 'split' ? [[row.id[0] ?? '', row.values.slug]] : []))),
    ...{ channels: [], reserved: [], nowMs: 0 },
  };
}

describe('the file that is written', () => {
  it('is the example, when the example is what is stored', () => {
    expect(body(writeConfig(stateOf(example), 'x'))).toBe(body(example.toString()));
  });

  it('is the same whatever the order of what is stored', () => {
    const state = stateOf(example);
    const turned = { ...state, rows: [...state.rows].filter(({ of }) => of !== 'channel').reverse() };
    const straight = { ...state, rows: state.rows.filter(({ of }) => of !== 'channel') };
    expect(writeConfig(turned, 'x')).toBe(writeConfig(straight, 'x'));
  });

  it('quotes what an older reader would take for a boolean or a number', () => {
    const yaml = 'providers:\n  kling: { label: "yes" }\n  other: { label: "012" }\n';
    const text = writeConfig(stateOf(Buffer.from(yaml)), 'x');
    expect(text).toMatch(/label: "yes"/);
    expect(text).toMatch(/label: "012"/);
  });
});
