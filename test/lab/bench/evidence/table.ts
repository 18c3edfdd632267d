export interface EvidenceRow {
  readonly perMinute: number;
  readonly what: string;
  readonly values: Readonly<Record<string, number>>;
}

/** One table: a line for each level of traffic, a column for each rule. */
export function printTable(title: string, rows: readonly EvidenceRow[], print: (line: string) => void): void {
  const names = Object.keys(rows[0]?.values ?? {});
  print('');
  print(title);
  print(['req/min', ...names].map((name) => name.padStart(9)).join(''));
  for (const row of rows) print([row.perMinute, ...names.map((name) => figure(row.values[name]))].map(pad).join(''));
}

const pad = (value: string | number): string => String(value).padStart(9);

function figure(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '-';
  return Number.isFinite(value) ? value.toFixed(value < 10 ? 2 : 1) : 'never';
}
