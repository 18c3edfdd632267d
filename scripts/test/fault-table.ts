import { existsSync, readFileSync } from 'node:fs';

/** What one test of the fault catalogue writes into the file that SLUICE_FAULT_TABLE names. */
export interface SeenFault {
  readonly id: string;
  readonly fault: string;
  readonly injected: string;
  readonly expected: string;
  readonly seen: string;
  readonly ms: number;
  readonly ok: boolean;
}

const rows = 45;
const widths = [4, 24, 34, 34, 46, 7];

export function readFaults(file: string): SeenFault[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const seen = lines.map((line) => JSON.parse(line) as SeenFault);
  // Of a test that was run once more, what it saw last.
  const last = new Map(seen.map((each) => [`${each.id} ${each.fault} ${each.injected}`, each]));
  return [...last.values()].sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
}

/** Rows of the catalogue, F1 to F45, that no test has recorded. */
export function missingFaults(seen: readonly SeenFault[]): string[] {
  const known = new Set(seen.map(({ id }) => id));
  return Array.from({ length: rows }, (_, index) => `F${index + 1}`).filter((id) => !known.has(id));
}

export function faultTable(seen: readonly SeenFault[]): string {
  const header = ['', 'fault', 'injected how', 'expected', 'seen', 'time'];
  const body = seen.map(({ id, fault, injected, expected, seen: facts, ms, ok }) => [
    ok ? id : `${id}!`,
    fault,
    injected,
    expected,
    facts,
    `${(ms / 1000).toFixed(1)} s`,
  ]);
  const rule = widths.map((width) => '-'.repeat(width)).join('-+-');
  return [header, ...body].map((cells) => tableRow(cells)).join(`\n${rule}\n`);
}

function tableRow(cells: readonly string[]): string {
  const columns = cells.map((cell, index) => wrap(cell, widths[index] ?? 20));
  const height = Math.max(...columns.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    columns.map((lines, index) => (lines[line] ?? '').padEnd(widths[index] ?? 20)).join(' | '),
  ).join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ').flatMap((long) => long.match(new RegExp(`.{1,${width}}`, 'g')) ?? [])) {
    const last = lines[lines.length - 1] ?? '';
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
