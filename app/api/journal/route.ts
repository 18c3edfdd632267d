import { journalCsv } from '@/lib/doors/control/journal-csv';
import { journalQuery } from '@/lib/doors/control/journal-query';
import { json } from '@/lib/http/message';
import { route } from '@/lib/http/route';
import { controlPlane } from '@/lib/process/web';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: async (arriving) => {
    const plane = controlPlane();
    await plane.guard(arriving, 'viewer');
    const { query, format } = journalQuery(arriving.query);
    const entries = await plane.control.journal.list(query);
    if (format === 'json') return json(200, { entries });
    const headers = {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="sluice-journal.csv"',
      'cache-control': 'no-store',
    };
    return { status: 200, headers, body: journalCsv(entries) };
  },
});
