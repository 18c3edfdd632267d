import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let db: TestDatabase;
const planes: TestDataPlane[] = [];
beforeAll(async () => {
  db = await testDatabase();
  for (const hours of ['0', '24']) {
    planes.push(await testDataPlane({ env: { DATABASE_URL: db.url, SLUICE_EVENT_IMAGE_HOURS: hours } }));
  }
});
afterAll(async () => {
  for (const plane of planes) await plane.close();
  await db.close();
});

async function eventOf(plane: TestDataPlane | undefined, id: string): Promise<Record<string, unknown>> {
  const answer = await plane?.post('/api/generate', { prompt: 'a lighthouse', n: 2 }, { 'x-request-id': id });
  expect(answer?.status).toBe(200);
  return vi.waitFor(async () => {
    const [row] = await db.sql<{ event_data: Record<string, unknown> }[]>`
      select event_data from analytics_logs where event_type = 'gen_ok' and event_data ->> 'request_id' = ${id}`;
    if (!row) throw new Error('not there yet');
    return row.event_data;
  }, 20_000);
}

test('addresses of images stay out of events until somebody wants them there, and then with their end', async () => {
  const without = await eventOf(planes[0], 'addresses-none');
  expect(without).toMatchObject({ images: 2 });
  expect(JSON.stringify(without)).not.toContain('http');
  const row = await eventOf(planes[1], 'addresses-kept');
  expect(row.image_urls).toEqual([expect.stringMatching(/^http/), expect.stringMatching(/^http/)]);
  const hours = (Date.parse(String(row.image_urls_until)) - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(23.9);
  expect(hours).toBeLessThan(24.01);
});
