import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';
import { type TestDatabase, testDatabase } from '@/test/support/database';

// Real answers of the real front and handlers, judged by the description that the same server gives of itself.
interface Described {
  readonly requestBody?: { content: Record<string, { schema: object }> };
  readonly responses: Record<string, { $ref?: string; content?: Record<string, { schema?: { $ref?: string } }> }>;
}
interface Description {
  readonly paths: Record<string, Record<string, Described>>;
  readonly components: {
    readonly schemas: Record<string, object>;
    readonly responses: Record<string, Described['responses'][string]>;
  };
}
interface Said {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

const apiKey = 'data-plane-key-that-is-described-0123456789';
const eventKey = 'event-key-that-is-described-0123456789abcd';
const adminToken = 'admin-token-that-is-described-0123456789';
const folder = mkdtempSync(join(tmpdir(), 'sluice-described-'));
let database: TestDatabase;
let sandbox: Sandbox;
let front: Awaited<ReturnType<typeof import('@/test/support/app-front')['startAppFront']>>;
let description: Description;

beforeAll(async () => {
  database = await testDatabase();
  sandbox = await startSandbox({ seed: 7 });
  for (const name of ['fal', 'runware'] as const) sandbox.control(name, { latencyMs: 0 });
  const env = {
    DATABASE_URL: database.url,
    SLUICE_DATA_DIR: folder,
    SLUICE_ADMIN_TOKEN: adminToken,
    SLUICE_API_KEYS: apiKey,
    SLUICE_EVENT_KEYS: eventKey,
    SLUICE_SANDBOX: '1',
    FAL_KEY: sandbox.falKey,
    RUNWARE_API_KEY: sandbox.runwareKey,
    FAL_BASE_URL: sandbox.falUrl,
    RUNWARE_BASE_URL: sandbox.runwareUrl,
    LOG_LEVEL: 'silent',
  };
  for (const [key, value] of Object.entries(env)) vi.stubEnv(key, value);
  front = await (await import('@/test/support/app-front')).startAppFront();
  description = (await (await fetch(`${front.url}/api/openapi.json`)).json()) as Description;
});
afterAll(async () => {
  await front.close();
  await sandbox.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const pathOf = (target: string) =>
  Object.keys(description.paths).find((path) =>
    new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(target.split('?')[0] ?? ''),
  ) ?? '';
const described = (line: string): Described => {
  const [method = '', target = ''] = line.split(' ');
  const operation = description.paths[pathOf(target)]?.[method.toLowerCase()];
  if (!operation) throw new Error(`${line} is not described`);
  return operation;
};
const namedIn = <T>(named: Record<string, T>, { $ref }: { $ref?: string }) => named[$ref?.split('/').at(-1) ?? ''];
const schemaOf = (schema: object) => z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
const bodySchema = (line: string) => schemaOf(described(line).requestBody?.content['application/json']?.schema ?? {});

/** Sends one request and holds its answer against what is described for its status and media type. */
async function ask(line: string, body?: unknown, headers: Record<string, string> = {}): Promise<Said> {
  const [method = '', target = ''] = line.split(' ');
  const key = /^\/(api\/(generate|vouchers)|v1)/.test(target) ? apiKey : adminToken;
  const answer = await fetch(front.url + target, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const { responses } = described(line);
  const mediaType = answer.headers.get('content-type')?.split(';')[0] ?? '';
  const given = responses[answer.status] ?? responses.default ?? {};
  const response = namedIn(description.components.responses, given) ?? given;
  const content = response?.content?.[mediaType];
  expect(content, `${line} answered ${answer.status} ${mediaType}: ${text.slice(0, 200)}`).toBeDefined();
  const { schema } = content ?? {};
  if (!schema) return { status: answer.status, headers: answer.headers, body: {} };
  if (!mediaType.includes('json')) return { status: answer.status, headers: answer.headers, body: {} };
  const said = JSON.parse(text) as Record<string, unknown>;
  const judged = schemaOf(namedIn(description.components.schemas, schema) ?? schema).safeParse(said);
  expect(judged.error?.issues ?? [], `${line} ${answer.status} ${text.slice(0, 400)}`).toEqual([]);
  return { status: answer.status, headers: answer.headers, body: said };
}

describe('the data plane answers as it is described', () => {
  it('for images, made and refused, and their vouchers', async () => {
    const made = await ask('POST /api/generate', { prompt: 'a lighthouse', user: 'u-1' });
    expect(made.status).toBe(200);
    expect((await ask('POST /api/generate', { prompt: '' })).status).toBe(422);
    expect((await ask('POST /v1/images/generations', { prompt: 'a lighthouse' })).status).toBe(200);
    expect((await ask('POST /v1/images/generations', { prompt: 'x', size: 'huge' })).status).toBe(422);
    const voucher = { request_id: made.body.request_id };
    expect((await ask('POST /api/vouchers', voucher)).status).toBe(201);
    expect((await ask('POST /api/vouchers', voucher)).status).toBe(200);
    expect((await ask('POST /api/vouchers', { request_id: 'nobody-made-this' })).status).toBe(404);
  });

  it('for events, all, some or none of them taken', async () => {
    const as = { authorization: `Bearer ${eventKey}` };
    const good = { event_type: 'shop_order', event_data: { latency_ms: 12 } };
    const bad = { event_type: 'shop_order', event_data: { latency_ms: -1 } };
    expect((await ask('POST /api/events', { events: [good] }, as)).status).toBe(202);
    expect((await ask('POST /api/events', [good, bad], as)).status).toBe(207);
    expect((await ask('POST /api/events', [bad], as)).status).toBe(422);
    for (const body of [{ events: [good] }, [good]]) {
      expect(bodySchema('POST /api/events').safeParse(body).success).toBe(true);
    }
    for (const body of [
      [bad],
      [],
      [{ event_type: 'Not this' }],
      [{ ...good, extra: 1 }],
      [{ ...good, created_at: '1' }],
    ]) {
      expect(bodySchema('POST /api/events').safeParse(body).success, JSON.stringify(body)).toBe(false);
      expect((await ask('POST /api/events', body, as)).status, JSON.stringify(body)).toBe(422);
    }
  });

  it('for health, and for who is to be told of a vulnerability', async () => {
    for (const path of ['/api/health', '/api/health/live', '/api/health/ready']) await ask(`GET ${path}`);
    expect((await ask('GET /.well-known/security.txt')).status).toBe(404);
  });

  it.each(['POST /api/generate', 'POST /v1/images/generations'])(
    '%s describes what it takes and what not',
    async (line) => {
      const sides = line.includes('/v1/')
        ? [{ size: '512x512' }, { size: 'big' }, { size: '512' }]
        : [{ width: 500 }, { width: 63 }, { width: 8193 }];
      for (const [index, side] of sides.entries()) {
        const body = { prompt: 'x', ...side };
        expect(bodySchema(line).safeParse(body).success, JSON.stringify(body)).toBe(index === 0);
        expect((await ask(line, body)).status, JSON.stringify(body)).toBe(index === 0 ? 200 : 422);
      }
      for (const body of [
        // An image without a word may be enlarged, so only the door can say that this is nothing.
        ...(line.includes('/v1/') ? [{}] : []),
        { prompt: '' },
        { prompt: 'x', n: 11 },
        { prompt: 'x', n: 1.5 },
        { prompt: 'x', user: 7 },
      ]) {
        expect(bodySchema(line).safeParse(body).success, JSON.stringify(body)).toBe(false);
        expect((await ask(line, body)).status, JSON.stringify(body)).toBe(422);
      }
    },
  );
});

it('gives the shape of every body and of every answer', () => {
  const shapeless = Object.entries(description.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { requestBody, responses }]) => {
      const answers = Object.values(responses).map(
        (given) => namedIn(description.components.responses, given) ?? given,
      );
      const contents = [...answers, ...(requestBody ? [requestBody] : [])].map(({ content }) =>
        Object.values(content ?? {}),
      );
      const isGiven = ({ schema }: { schema?: object }) => schema !== undefined && Object.keys(schema).length > 0;
      return contents.every((each) => each.length > 0 && each.every(isGiven)) ? [] : [`${method} ${path}`];
    }),
  );
  expect(shapeless).toEqual([]);
});

describe('the control plane answers as it is described', () => {
  it('and takes the policy that it gives', async () => {
    const { policy } = (await ask('GET /api/policy')).body;
    expect(bodySchema('PUT /api/policy').safeParse({ policy }).error?.issues ?? []).toEqual([]);
    expect(bodySchema('PUT /api/policy').safeParse({ policy: { evidence: 'luck' } }).success).toBe(false);
  });

  const tag = async () => ({ 'if-match': (await ask('GET /api/rollout')).headers.get('etag') ?? '' });

  it('for the rollout and its verbs', async () => {
    expect((await ask('GET /api/rollout')).status).toBe(200);
    const weights = { weights: { fal: 0.9, runware: 0.1 }, override: true, reason: 'a first start' };
    expect((await ask('PUT /api/rollout/weights', weights, await tag())).status).toBe(200);
    expect((await ask('POST /api/rollout/advance', { to: 'D2' }, await tag())).status).toBe(409);
    expect((await ask('POST /api/rollout/advance', { to: 'D2' })).status).toBe(428);
    expect((await ask('POST /api/rollout/pause', { reason: 'lunch' }, await tag())).status).toBe(200);
    expect((await ask('GET /api/rollout')).body.paused).toMatchObject({ reason: 'lunch' });
    expect((await ask('POST /api/rollout/resume', {}, await tag())).status).toBe(200);
    expect((await ask('POST /api/rollout/rollback', { reason: 'enough' })).status).toBe(200);
    expect((await ask('GET /api/rollout')).body.latched).toMatchObject({ reason: 'enough' });
    expect((await ask('POST /api/rollout/rearm', { reason: 'again' }, await tag())).status).toBe(200);
  });

  it('for what operators read', async () => {
    for (const path of [
      '/api/metrics',
      '/api/sessions',
      '/api/alerts',
      '/api/policy',
      '/api/session',
      '/api/operators',
      '/api/alert-channels',
    ]) {
      expect((await ask(`GET ${path}`)).status, path).toBe(200);
    }
    const { entries } = (await ask('GET /api/journal?limit=20')).body as { entries: { id: number }[] };
    expect(entries.length).toBeGreaterThan(3);
    expect((await ask(`GET /api/journal/${entries[0]?.id}`)).status).toBe(200);
    expect((await ask('GET /api/journal/999999')).status).toBe(404);
  });

  it('for operators and sessions', async () => {
    const added = await ask('POST /api/operators', { name: 'ann', role: 'viewer', valid_days: 3 });
    expect(added.status).toBe(201);
    expect((await ask('POST /api/session', { token: added.body.token })).status).toBe(200);
    expect((await ask('GET /api/operators')).body.operators).toHaveLength(1);
    const { sessions } = (await ask('GET /api/sessions')).body as { sessions: { id: number }[] };
    expect((await ask(`DELETE /api/sessions/${sessions[0]?.id}`)).status).toBe(200);
    expect((await ask('DELETE /api/operators/ann')).status).toBe(200);
    expect((await ask('DELETE /api/session')).status).toBe(200);
    expect((await ask('DELETE /api/alert-channels/999')).status).toBe(404);
  });
});
