import { cpus, loadavg, totalmem } from 'node:os';

export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** What a subcommand found: how it measured, the raw figures, and the ratios that the targets speak of. */
export interface Report {
  readonly title: string;
  readonly method: readonly string[];
  readonly tables: readonly Table[];
}

/** Read when a bench begins and when it ends: figures without the machine and its load say nothing. */
export function machineLine(loadBefore: string): string {
  const [first] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  const cores = `${cpus().length} cores (${first?.model.trim() || 'unknown'})`;
  return `${cores}, ${memory}, Node ${process.version}, ${process.platform}; load average ${loadBefore} before, ${loadLine()} after`;
}

export function loadLine(): string {
  return loadavg()
    .map((load) => load.toFixed(2))
    .join(' ');
}

/** Three figures are what a measurement on a shared machine is good for. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return 'none';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toLocaleString('en', { maximumFractionDigits: Math.min(4, digits) });
}

export function asText({ title, method, tables }: Report): string {
  return [title, ...method.map((line) => `  ${line}`), ...tables.flatMap(tableText)].join('\n');
}

/** The tables of a run as a page shows them. */
export function tablesAsMarkdown({ tables }: Report): string {
  return tables.map(tableMarkdown).join('\n\n');
}

function tableText({ caption, head, rows }: Table): string[] {
  const lines = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const padded = lines.map((line) =>
    line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))),
  );
  return ['', caption, ...padded.map((line) => `  ${line.join('  ')}`)];
}

function tableMarkdown({ caption, head, rows }: Table): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const rule = line(head.map((_, column) => (column === 0 ? '---' : '---:')));
  return [`${caption}:`, '', line(head), rule, ...rows.map(line)].join('\n');
}
