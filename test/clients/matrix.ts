import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** What happened to one call of a client: how it ended for its caller, and what it cost. */
export interface Outcome {
  /** `works`, or the error as the client's caller sees it. */
  readonly said: string;
  readonly arm: string | null;
  /** Creates that reached a provider. */
  readonly upstream: number;
}

export const circumstances = ['baseline', 'candidate', '503 of one', 'timeout', 'wrong key'] as const;
export type Circumstance = (typeof circumstances)[number];

export interface ClientCall {
  /** As it is called on npm. */
  readonly client: string;
  readonly call: string;
  /** How many images came, and from which arm where the client shows headers. */
  run(at: {
    readonly url: string;
    readonly key: string;
  }): Promise<{ readonly images: number; readonly arm?: string | null }>;
}

export function versionOf(client: string): string {
  if (client === 'curl') return '';
  const { version } = createRequire(import.meta.url)(`../../node_modules/${client}/package.json`) as {
    version: string;
  };
  return version;
}

type Row = Readonly<Record<Circumstance, Outcome>>;

/** One line of the table: a client, a call, and what came of it in each circumstance. */
export function tableRow({ client, call }: ClientCall, row: Row): string {
  const cells = circumstances.map((each) => `${row[each].said}, ${row[each].upstream}×`);
  return `| ${[`${client} ${versionOf(client)}`.trim(), call, ...cells].join(' | ')} |`;
}

export const tableHead = [
  `| client | call | ${circumstances.join(' | ')} |`,
  `|${' --- |'.repeat(circumstances.length + 2)}`,
].join('\n');

/** Where the table goes to be printed once below all results. */
export function tell(line: string): void {
  const file = process.env.SLUICE_CLIENT_TABLE;
  if (file) appendFileSync(file, `${line}\n`);
}
