import type { Sql } from '@/lib/postgres/sql';

/** The one voucher of a request. */
export type VoucherStore = ReturnType<typeof voucherStore>;

export function voucherStore(sql: Sql) {
  return {
    /** Records it, unless the request has its voucher already; whether this call issued it. */
    async issue(requestId: string, data: Readonly<Record<string, unknown>>): Promise<boolean> {
      const [row] = await sql<{ is_new: boolean }[]>`
        select sluice.issue_voucher(${requestId}, ${JSON.stringify(data)}::text::jsonb) as is_new`;
      return row?.is_new ?? false;
    },
  };
}
