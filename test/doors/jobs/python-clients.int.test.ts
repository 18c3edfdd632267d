import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { eventually } from '@/test/support/eventually';
import { addVideoSplit, falFilm, filmKey } from '@/test/support/video-split';

// What the clients in Python send and read, word for word: fal_client by fal-ai/fal at c6f0afa
// (projects/fal_client/src/fal_client/client.py), openai by openai/openai-python at e43b422 (src/openai/resources/videos.py,
// src/openai/types/video.py), both over httpx.

const key = 'a-key-of-a-snake-charmer-1';
let database: TestDatabase;
let plane: TestDataPlane;

beforeAll(async () => {
  database = await testDatabase();
  await addVideoSplit(database.sql, { old: 1, new: 0 });
  plane = await testDataPlane({ env: { DATABASE_URL: database.url, SLUICE_API_KEYS: key } });
  plane.sandbox.control('fal', { latencyMs: 0, jobMs: 600_000 });
  const share = () => plane.runtime.dataPlane.splits.all.get(filmKey)?.routing?.weights.old;
  await eventually(share, (old) => old === 1, 10_000);
});
afterAll(async () => {
  await plane?.close();
  await database.close();
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Record<string, unknown>;
}

/** A request as it was recorded: its first line, its headers in their order, and its body. */
function send(recorded: string): Promise<Answer> {
  const end = recorded.indexOf('\n\n');
  const [head, text] = [recorded.slice(0, end), recorded.slice(end + 2)];
  const body = text.startsWith('--') ? text.replaceAll('\n', '\r\n') : text;
  const [first = '', ...lines] = head.trim().split('\n');
  const [method, path] = first.split(' ');
  const { hostname, port } = new URL(plane.url);
  const said = lines.map((line) => line.split(/: (.*)/).slice(0, 2) as [string, string]);
  const headers = Object.fromEntries([
    ...said,
    ...(body === '' ? [] : [['Content-Length', String(Buffer.byteLength(body))]]),
  ]);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers, agent: false }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      const answer = JSON.parse(Buffer.concat(chunks).toString());
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: answer });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const fal = (line: string, body?: object) => `${line} HTTP/1.1
Host: ${new URL(plane.url).host}
Accept: */*
Accept-Encoding: gzip, deflate
Connection: keep-alive
User-Agent: fal-client/0.13.1 (python)
Authorization: Key ${key}${body ? `\nContent-Type: application/json\n\n${JSON.stringify(body)}` : '\n\n'}`;

const openai = (line: string, more: string) => `${line} HTTP/1.1
Host: ${new URL(plane.url).host}
Accept-Encoding: gzip, deflate
Connection: keep-alive
Accept: application/json
User-Agent: OpenAI/Python 2.9.0
X-Stainless-Lang: python
X-Stainless-Async: false
X-Stainless-Retry-Count: 0
X-Stainless-Read-Timeout: 600
Authorization: Bearer ${key}
${more}`;

const boundary = 'd4f0c1b7a6e94c0f8b1e2a3c4d5e6f70';
const part = (name: string, value: string) =>
  `--${boundary}\nContent-Disposition: form-data; name="${name}"\n\n${value}\n`;
const film = `${part('model', 'film')}${part('prompt', 'a lock gate')}${part('seconds', '5')}${part('size', '1280x720')}--${boundary}--\n`;

/** Far from its next look, as between two looks of a job that takes minutes. */
async function rest(id: string): Promise<void> {
  const held = await database.sql`update sluice.jobs j set due_at = now() + interval '1 hour'
    where j.id = ${id} and (j.leased_until is null or j.leased_until < now())`;
  if (held.count === 0) return rest(id);
}
const upstream = () => {
  const { requests = 0, probe = 0 } = plane.sandbox.counters('fal');
  return requests - probe;
};
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** As the client does it, ten times a second; each answer is from the row. */
async function poll(recorded: string, times: number, read: (answer: Answer) => void): Promise<void> {
  const before = upstream();
  for (let n = 0; n < times; n += 1) {
    read(await send(recorded));
    await pause(100);
  }
  expect(upstream()).toBe(before);
}

describe('fal_client in Python', () => {
  it('finds every key that it reads, and polls ten times a second without a call upstream', async () => {
    const arguments_ = { prompt: 'a lock gate', duration: '5' };
    const made = await send(fal(`POST /fal/queue/${falFilm}`, arguments_));
    expect(made.status, JSON.stringify(made.body)).toBe(200);
    // handle = SyncRequestHandle(request_id=data["request_id"], response_url=…, status_url=…, cancel_url=…)
    const { request_id, response_url, status_url, cancel_url } = made.body as Record<string, string>;
    for (const url of [response_url, status_url, cancel_url]) expect(url).toMatch(`/requests/${request_id}`);
    const at = (url = '') => new URL(url).pathname;
    const status = fal(`GET ${at(status_url)}?logs=false`);
    await rest(request_id ?? '');
    await poll(status, 15, ({ body }) => {
      // data["status"], then data["queue_position"] or data["logs"]
      expect(['IN_QUEUE', 'IN_PROGRESS']).toContain(body.status);
      expect([typeof body.queue_position, Array.isArray(body.logs)]).toEqual(['number', true]);
    });
    expect((await send(fal(`PUT ${at(cancel_url)}`))).status).toBe(202);
    const last = async () => (await send(status)).body;
    await eventually(last, ({ status: word }) => word === 'COMPLETED', 30_000, 100);
    // data["logs"], data.get("metrics", {}), data.get("error"), data.get("error_type")
    expect(await last()).toMatchObject({
      logs: [],
      metrics: {},
      error: expect.any(String),
      error_type: 'client_cancelled',
    });
    // msg = body.get("detail"), body.get("error_type"); and without this header it would be sent again
    const failed = await send(fal(`GET ${at(response_url)}`));
    expect(failed.body).toMatchObject({ detail: expect.any(String), error_type: expect.any(String) });
    expect(failed.headers['x-fal-request-id']).toBe(request_id);
  });
});

describe('openai in Python', () => {
  // Those of types/video.py that are not Optional.
  const read = ({ body }: Answer) => {
    for (const name of ['id', 'created_at', 'model', 'object', 'progress', 'seconds', 'size', 'status']) {
      expect(body[name], name).not.toBeNull();
      expect(body[name], name).toBeDefined();
    }
    expect([body.object, typeof body.progress, typeof body.seconds]).toEqual(['video', 'number', 'string']);
  };

  it('finds every key that it reads, in create_and_poll, at whatever interval it was given', async () => {
    const form = `Content-Type: multipart/form-data; boundary=${boundary}\n\n${film}`;
    const made = await send(openai('POST /v1/videos', form));
    expect(made.status, JSON.stringify(made.body)).toBe(200);
    read(made);
    const { id } = made.body as { id: string };
    const helper = 'X-Stainless-Poll-Helper: true\nX-Stainless-Custom-Poll-Interval: 100\n\n';
    const retrieve = openai(`GET /v1/videos/${id}`, helper);
    await rest(uuidOf(id));
    await poll(retrieve, 15, (answer) => {
      read(answer);
      expect(['queued', 'in_progress']).toContain(answer.body.status);
      // int(from_header)
      expect(Number.isInteger(Number(answer.headers['openai-poll-after-ms']))).toBe(true);
    });
    const listed = await send(openai('GET /v1/videos?limit=1', '\n'));
    expect(listed.body).toMatchObject({ data: [{ id }], has_more: false });
  });
});

const uuidOf = (id: string) => id.replace('video_', '').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
