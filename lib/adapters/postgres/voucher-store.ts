import type { VoucherStore } from '@/lib/operations/ports/data-plane';
import type { Sql } from './connection';

export function voucherStore(sql: Sql): VoucherStore {
  return {
    async issue(requestId, data) {
      const [row] = await sql<{ is_new: boolean }[]>`
        select sluice.issue_voucher(${requestId}, ${JSON.stringify(data)}::text::jsonb) as is_new`;
      return row?.is_new ?? false;
    },
  };
}
