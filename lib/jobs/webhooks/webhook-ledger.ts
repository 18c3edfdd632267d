import { repeat } from '@/lib/kernel/clock';
import { jsonText } from '@/lib/kernel/json-text';
import type { LastingFault } from '@/lib/kernel/lasting-fault';
import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';

interface Heard {
  taken: number;
  refused: number;
  /** Since the last one that was taken. */
  inARow: number;
  why: string | null;
}

const withinMs = 2000;
const longestWhy = 500;
const writeEveryMs = 5000;

/** How news of each provider fared, kept in the store: a provider whose news never verifies is noticed after a restart. */
export class WebhookLedger {
  private heard = new Map<string, Heard>();

  /** Writes what is heard every few seconds, until it is stopped. */
  keepIn(sql: Sql, fault: LastingFault): void {
    this.stop = repeat(writeEveryMs, () => this.write(sql), fault);
  }

  stop: () => void = () => undefined;

  /** null: it was taken. */
  note(provider: string, why: string | null): void {
    const heard = this.heard.get(provider) ?? { taken: 0, refused: 0, inARow: 0, why: null };
    this.heard.set(provider, heard);
    if (why === null) {
      heard.taken += 1;
      heard.inARow = 0;
    } else {
      heard.refused += 1;
      heard.inARow += 1;
      heard.why = why.slice(0, longestWhy);
    }
  }

  /** Adds what was heard since the last time. What the store does not take waits for the next. */
  async write(sql: Sql): Promise<void> {
    const written = this.heard;
    if (written.size === 0) return;
    this.heard = new Map();
    try {
      await queryWithin(withinMs, addTo(sql, written), 'writing how webhooks fared');
    } catch (error) {
      for (const [provider, heard] of this.heard) written.set(provider, joined(written.get(provider), heard));
      this.heard = written;
      throw error;
    }
  }
}

function joined(before: Heard | undefined, after: Heard): Heard {
  if (before === undefined) return after;
  return {
    taken: before.taken + after.taken,
    refused: before.refused + after.refused,
    inARow: after.taken > 0 ? after.inARow : before.inARow + after.inARow,
    why: after.why ?? before.why,
  };
}

function addTo(sql: Sql, heard: ReadonlyMap<string, Heard>) {
  const rows = [...heard].map(([provider, each]) => ({ provider, ...each }));
  return sql`
    insert into sluice.job_webhooks as w (provider, taken, refused, refused_in_a_row, taken_at, refused_at, why)
    select h.provider, h.taken, h.refused, h."inARow", case when h.taken > 0 then now() end,
      case when h.refused > 0 then now() end, h.why
    from jsonb_to_recordset(${jsonText(rows)}::text::jsonb)
      h (provider text, taken bigint, refused bigint, "inARow" bigint, why text)
    order by h.provider
    on conflict (provider) do update set taken = w.taken + excluded.taken, refused = w.refused + excluded.refused,
      refused_in_a_row = excluded.refused_in_a_row + case when excluded.taken > 0 then 0 else w.refused_in_a_row end,
      taken_at = coalesce(excluded.taken_at, w.taken_at), refused_at = coalesce(excluded.refused_at, w.refused_at),
      why = coalesce(excluded.why, w.why)`;
}
