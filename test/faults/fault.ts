import { appendFileSync } from 'node:fs';
import { it } from 'vitest';
import type { SeenFault } from '@/scripts/test/fault-table';

export interface FaultRow {
  /** The fault, in the words of the catalogue. */
  readonly what: string;
  /** How it is made to happen here, with every number that differs from the catalogue's. */
  readonly injected: string;
  readonly expected: string;
}

/** Notes a measured fact for the table: `0 of 812 generations failed`. */
export type Saw = (fact: string) => void;

/** One row of the catalogue as a test; a row may have several, each with its own `injected`. */
export function fault(id: `F${number}`, row: FaultRow, inject: (saw: Saw) => Promise<void>, timeoutMs = 120_000): void {
  it(
    `${id} ${row.what} (${row.injected})`,
    async () => {
      const facts: string[] = [];
      const startedAt = performance.now();
      const record = (ok: boolean) => {
        const ms = Math.round(performance.now() - startedAt);
        write({ id, fault: row.what, injected: row.injected, expected: row.expected, seen: facts.join('; '), ms, ok });
      };
      try {
        await inject((fact) => void facts.push(fact));
      } catch (error) {
        facts.push(`FAILED: ${String(error instanceof Error ? error.message : error).split('\n')[0]}`);
        record(false);
        throw error;
      }
      record(true);
    },
    timeoutMs,
  );
}

function write(seen: SeenFault): void {
  const file = process.env.SLUICE_FAULT_TABLE;
  if (file) appendFileSync(file, `${JSON.stringify(seen)}\n`);
}
