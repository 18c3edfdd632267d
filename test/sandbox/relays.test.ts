import { createHash, createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorizationOf } from '@/lib/gateway/providers/kling/authorization';
import { dialectCalled } from '@/lib/relay/dialects/dialects';
import { meaningOf } from '@/lib/relay/meaning';
import { textsAt } from '@/lib/relay/pointer';
import { seenOf } from '@/lib/relay/read-answer';
import { type RelaySandbox, startRelaySandbox } from '@/scripts/sandbox/relays';

let sandbox: RelaySandbox;
beforeAll(async () => {
  sandbox = await startRelaySandbox();
});
afterAll(() => sandbox.close());

type Played = Exclude<keyof RelaySandbox, 'close'>;

interface Played_ {
  readonly at: Played;
  readonly dialect: string;
  readonly prefix?: string;
  readonly create: readonly [method: string, target: string, body?: unknown];
  readonly look: (id: string) => readonly [method: string, target: string, body?: unknown];
}

const volc = (action: string) => `/?Action=${action}&Version=2022-08-31`;
const runway = { model: 'gen4_turbo', promptText: 'a boat', ratio: '1280:720' };
const kling = { model_name: 'kling-v1', prompt: 'a boat' };
const jimeng = { req_key: 'jimeng_t2v_v30', prompt: 'a boat' };
const played: Readonly<Record<string, Played_>> = {
  Runway: {
    ...({ at: 'runway', dialect: 'runway' } as const),
    create: ['POST', '/v1/image_to_video', runway],
    look: (id) => ['GET', `/v1/tasks/${id}`],
  },
  Kling: {
    ...({ at: 'kling', dialect: 'kling' } as const),
    create: ['POST', '/v1/videos/text2video', kling],
    look: (id) => ['GET', `/v1/videos/text2video/${id}`],
  },
  Jimeng: {
    ...({ at: 'jimeng', dialect: 'jimeng' } as const),
    create: ['POST', volc('CVSync2AsyncSubmitTask'), jimeng],
    look: (task_id) => ['POST', volc('CVSync2AsyncGetResult'), { req_key: 'jimeng_t2v_v30', task_id }],
  },
  'Runway behind the aggregator': {
    ...({ at: 'aggregator', dialect: 'runway', prefix: '/runwayml' } as const),
    create: ['POST', '/v1/image_to_video', runway],
    look: (id) => ['GET', `/v1/tasks/${id}`],
  },
  'Kling behind the aggregator': {
    ...({ at: 'aggregator', dialect: 'kling', prefix: '/kling' } as const),
    create: ['POST', '/v1/videos/text2video', kling],
    look: (id) => ['GET', `/v1/videos/text2video/${id}`],
  },
  'Suno by one': {
    ...({ at: 'aggregator', dialect: 'suno', prefix: '/suno' } as const),
    create: ['POST', '/submit/music', { mv: 'chirp-v4', prompt: 'a song' }],
    look: (id) => ['GET', `/fetch/${id}`],
  },
  'Suno by a list': {
    ...({ at: 'aggregator', dialect: 'suno', prefix: '/suno' } as const),
    create: ['POST', '/submit/music', { mv: 'chirp-v4', prompt: 'a song' }],
    look: (id) => ['POST', '/fetch', { ids: [id, 'another'] }],
  },
};

/** What our relay would add to a request of a caller. */
function headersFor(at: Played, url: URL, method: string, body: string | undefined): Record<string, string> {
  const { key } = sandbox[at];
  if (at === 'kling') return { authorization: authorizationOf(key).header() };
  if (at !== 'jimeng') return { authorization: `Bearer ${key}`, 'x-runway-version': '2024-11-06' };
  const [access = '', secret = ''] = key.split(':');
  const sha = (text: string) => createHash('sha256').update(text).digest('hex');
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const names = 'host;x-content-sha256;x-date';
  const signed = [
    method,
    url.pathname,
    url.searchParams.toString(),
    `host:${url.host}`,
    `x-content-sha256:${sha(body ?? '')}`,
  ];
  const canonical = [...signed, `x-date:${date}`, '', names, sha(body ?? '')].join('\n');
  const scope = `${date.slice(0, 8)}/cn-north-1/cv/request`;
  const chained = scope
    .split('/')
    .reduce<string | Buffer>((made, part) => createHmac('sha256', made).update(part).digest(), secret);
  const signature = createHmac('sha256', chained)
    .update(['HMAC-SHA256', date, scope, sha(canonical)].join('\n'))
    .digest('hex');
  const authorization = `HMAC-SHA256 Credential=${access}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return { 'x-date': date, 'x-content-sha256': sha(body ?? ''), authorization };
}

async function ask({ at, prefix = '' }: Played_, [method, target, value]: readonly [string, string, unknown?]) {
  const url = new URL(prefix + target, sandbox[at].url);
  const body = value === undefined ? undefined : JSON.stringify(value);
  const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(url, {
    method,
    headers: { ...json, ...headersFor(at, url, method, body) },
    ...(body && { body }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

async function create(one: Played_): Promise<string> {
  const dialect = dialectCalled(one.dialect);
  const [method, target, body] = one.create;
  const url = new URL(target, 'http://x');
  const meaning = dialect && meaningOf(dialect, method, url.pathname, url.searchParams, () => body);
  if (meaning?.kind !== 'create') throw new Error(`${target} creates nothing`);
  const answer = await ask(one, one.create);
  return meaning.rule.id.flatMap((at) => textsAt(answer.body, at))[0] ?? JSON.stringify(answer);
}

async function look(one: Played_, id: string) {
  const dialect = dialectCalled(one.dialect);
  const answer = await ask(one, one.look(id));
  return { seen: dialect && seenOf(dialect, answer, id), answer };
}

describe.each(Object.entries(played))('%s', (_, one) => {
  const { at } = one;

  it('makes tasks, tells of them as the dialect reads it, and counts what it was asked for', async () => {
    sandbox[at].control({ latencyMs: 0, jobNeverEnds: true });
    const before = sandbox[at].counters().inference ?? 0;
    expect((await look(one, await create(one))).seen).toMatchObject({ kind: 'running' });
    sandbox[at].control({ jobMs: 0, jobNeverEnds: false });
    const id = await create(one);
    expect((await look(one, id)).seen).toMatchObject({ kind: 'completed' });
    expect(sandbox[at].counters().inference).toBe(before + 2);
    expect(sandbox[at].jobs().filter((job) => job.id === id)).toMatchObject([{ creates: 1, state: 'ended' }]);
  });

  it('has faults that can be set', async () => {
    sandbox[at].control({ latencyMs: 0, jobMs: 0, jobFails: true });
    const id = await create(one);
    expect((await look(one, id)).seen).toMatchObject({ kind: 'failed' });
    sandbox[at].control({ unauthorized: true });
    expect((await look(one, id)).answer.status).toBe(401);
    sandbox[at].restore();
    sandbox[at].control({ latencyMs: 0, failureRate: 1, status: 503 });
    expect((await ask(one, one.create)).status).toBe(503);
    sandbox[at].restore();
    expect((await look(one, 'nobody-has-it')).seen).toMatchObject({ kind: 'absent' });
  });
});
