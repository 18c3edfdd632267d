import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type Report, tablesAsMarkdown } from './report';

interface Run {
  readonly at: string;
  readonly machine: string;
  readonly report: Report;
}

const begin = (name: string) => `<!-- bench ${name} -->`;
const end = (name: string) => `<!-- end ${name} -->`;

/** Renews what stands between a bench's two markers; whatever people wrote around them stays. */
export function writeSection(page: string, name: string, runs: readonly Run[]): void {
  const text = existsSync(page) ? readFileSync(page, 'utf8') : '# Benchmarks\n';
  writeFileSync(page, withSection(text, name, runs));
}

export function withSection(text: string, name: string, runs: readonly Run[]): string {
  const section = `${begin(name)}\n\n${sectionOf(runs)}\n\n${end(name)}`;
  const from = text.indexOf(begin(name));
  const to = text.indexOf(end(name));
  if (from >= 0 && to > from) return text.slice(0, from) + section + text.slice(to + end(name).length);
  return `${text.trimEnd()}\n\n## ${runs[0]?.report.title ?? name}\n\n${section}\n`;
}

/** The method once, then the tables of each run with the machine as it was. */
function sectionOf(runs: readonly Run[]): string {
  const [first] = runs;
  if (!first) return '';
  const parts = runs.map(({ at, machine, report }, i) => {
    const title = runs.length > 1 ? `**Run ${i + 1}**, ${at.slice(0, 16)}Z` : `**Measured** ${at.slice(0, 16)}Z`;
    return `${title}: ${machine}.\n\n${tablesAsMarkdown(report)}`;
  });
  return [first.report.method.join(' '), ...parts].join('\n\n');
}
