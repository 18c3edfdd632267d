import { afterAll, beforeAll, expect } from 'vitest';
import { testDataPlane } from '../support/data-plane';
import { type TestDatabase, testDatabase } from '../support/database';
import { type Hostility, startHostileProvider } from '../support/hostile-provider';
import { writeWeights } from '../support/rollout';
import { fault } from './fault';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const deadlineMs = 900;

/** How the call is judged, and whether another provider may be asked: only when this one surely did not start or failed. */
const cases: readonly (readonly [Hostility, string, readonly string[], 'timeout' | 'unknown' | 'rescued'])[] = [
  ['hang', 'accepts and never answers', ['timeout'], 'timeout'],
  ['tls_hang', 'TLS never completes', ['timeout'], 'rescued'],
  ['drip', 'drips a byte each 200 ms', ['timeout'], 'timeout'],
  ['reset', 'resets the connection', ['connect'], 'unknown'],
  ['truncate', 'truncates its answer', ['truncated'], 'unknown'],
  ['html', '200 with HTML', ['intercepted'], 'rescued'],
  ['errors', '200 with errors[]', ['provider_5xx', 'empty', 'malformed', 'rejected'], 'rescued'],
  ['no_image', '200 without an image', ['empty', 'malformed'], 'rescued'],
];

const baseUrl = { fal: 'FAL_BASE_URL', runware: 'RUNWARE_BASE_URL' } as const;

interface Row {
  readonly type: string;
  readonly provider: string;
  readonly error: string | null;
  readonly kind: string | null;
  readonly latency: number | null;
}

async function drive(name: 'fal' | 'runware', how: Hostility) {
  const hostile = await startHostileProvider(how);
  const timeouts = { SLUICE_ATTEMPT_TIMEOUT_MS: String(deadlineMs), SLUICE_REQUEST_TIMEOUT_MS: '3000' };
  const plane = await testDataPlane({ env: { DATABASE_URL: database.url, [baseUrl[name]]: hostile.url, ...timeouts } });
  const id = `f17-${name}-${how}`;
  const startedAt = performance.now();
  const answer = await plane.post('/api/generate', { prompt: 'x' }, { 'x-request-id': id });
  const tookMs = performance.now() - startedAt;
  const body = await answer.json();
  await plane.close();
  await hostile.close();
  const rows = await database.sql<Row[]>`
    select event_type as type, event_data ->> 'provider' as provider, event_data ->> 'error' as error,
      event_data ->> 'error_kind' as kind, (event_data ->> 'latency_ms')::float8 as latency
    from analytics_logs where event_data ->> 'request_id' = ${id} order by id`;
  return { status: answer.status, body, tookMs, rows };
}

for (const name of ['fal', 'runware'] as const) {
  for (const [how, words, kinds, end] of cases) {
    fault(
      'F17',
      {
        what: `${name} ${words}`,
        injected: `a raw TCP server in its place; an attempt may take ${deadlineMs} ms`,
        expected: 'ends at the one deadline, right kind, a failure, never logged as success',
      },
      async (saw) => {
        await writeWeights(database.sql, name === 'fal' ? { fal: 1, runware: 0 } : { fal: 0, runware: 1 });
        const { status, body, tookMs, rows } = await drive(name, how);
        const [first] = rows;
        expect(first).toMatchObject({ type: 'gen_route', provider: name, error: expect.stringMatching(/\w/) });
        expect(kinds).toContain(first?.kind);
        expect(first?.latency).toBeLessThan(deadlineMs + 300);
        expect(tookMs).toBeLessThan(3500);
        expect(rows.filter(({ type, provider, error }) => type === 'gen_ok' && provider === name && !error)).toEqual(
          [],
        );
        // FAL has no `errors` of its own: an answer that cannot be read, as any other.
        if (end !== 'rescued' || (how === 'errors' && name === 'fal')) {
          const said = end === 'timeout' ? [504, 'provider-timeout'] : [502, 'provider-outcome-unknown'];
          expect([status, body.code, body.outcome, body.attempts.length]).toEqual([...said, 'unknown', 1]);
        } else if (name === 'runware') {
          expect([status, body.provider]).toEqual([200, 'fal']);
        } else {
          expect(status).toBe(502);
        }
        saw(`${first?.kind} after ${Math.round(first?.latency ?? 0)} ms; caller got ${status}`);
      },
    );
  }
}
