import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CallerBody } from '@/lib/relay/caller-body';
import { dialectCalled } from '@/lib/relay/dialects/dialects';
import type { Prefixed } from '@/lib/relay/find-prefix';
import { namedModels } from '@/lib/relay/named-models';
import { isCounted, understand } from '@/lib/relay/pass-on';
import type { Incoming } from '@/lib/relay/send-on';

const bodyOf = (bytes: Buffer, length: number | null = bytes.length) =>
  ({
    ...{ length, bytes: bytes.length, discard() {}, enter: async () => undefined },
    whole: async (most: number) => (bytes.length > most ? null : bytes),
  }) as unknown as CallerBody;

interface Sent {
  readonly rawHeaders?: readonly string[];
  readonly readsModel?: boolean;
}

const understood = (
  dialect: string,
  request: string,
  body: CallerBody | Buffer | string | null = null,
  { rawHeaders = [], readsModel = false }: Sent = {},
) => {
  const [method = '', target = ''] = request.split(' ');
  const [path = '', query] = target.split('?');
  const came = typeof body === 'string' ? Buffer.from(body) : body;
  return understand(
    { dialect: dialectCalled(dialect) ?? null } as Prefixed,
    {
      ...{ method, target: { path, search: query === undefined ? '' : `?${query}` } },
      rawHeaders,
      ...{ body: Buffer.isBuffer(came) ? bodyOf(came) : came, answer: { ready() {} } },
    } as unknown as Incoming,
    readsModel,
  );
};

const refused = (work: Promise<unknown>) =>
  work.then(
    () => 'sent on',
    (fault) => [fault.status, fault.code, fault.extra.headers['x-sluice-fault']],
  );

const feed = '{"task_id":"a"}';
const picture = 'a'.repeat(300 * 1024);
const film = `[{"taskType":"videoInference","deliveryMethod":"async","taskUUID":"u","seedImage":"${picture}"}]`;

describe('understand', () => {
  it('refuses another spelling of an address before it reads a body', async () => {
    expect(await refused(understood('runway', 'GET /v1/tasks/a/'))).toEqual([404, 'unknown-address', 'caller']);
    expect(await refused(understood('jimeng', 'POST /?action=CVGetResult'))).toEqual([
      400,
      'unclear-request',
      'caller',
    ]);
  });

  it.each([
    ['packed', gzipSync(feed)],
    ['with a mark before it', `\ufeff${feed}`],
    ['cut off', feed.slice(0, -1)],
    ['with a key twice', '{"task_id":"a","task_\\u0069d":"b"}'],
    ['deep', `{"task_id":"a","x":${'['.repeat(100)}${']'.repeat(100)}}`],
  ])('refuses a question whose body is %s', async (_, body) => {
    expect(await refused(understood('runway', 'POST /feed', body))).toEqual([400, 'malformed-json', 'caller']);
  });

  it.each([
    [['content-type', 'application/x-www-form-urlencoded']],
    [['content-type', 'text/plain;charset=UTF-8']],
    [['content-type', '']],
    [['content-type', 'application/json; charset=utf-7']],
    [['content-type', 'application/json, application/x-www-form-urlencoded']],
    [['content-type', 'application/json', 'Content-Type', 'application/json']],
    [['content-type', 'application/json', 'content-encoding', 'deflate']],
  ])('refuses a body that decides, unread, where another could take it for more than JSON: %j', async (rawHeaders) => {
    const order = '{"model":"cheap","req_key":"a","x":"&model=expensive&"}';
    const said = [415, 'unsupported-media-type', 'caller'];
    const unread = { length: order.length, whole: () => expect.unreachable() } as unknown as CallerBody;
    expect(await refused(understood('runway', 'POST /feed', unread, { rawHeaders }))).toEqual(said);
    const held = { rawHeaders, readsModel: true };
    expect(await refused(understood('runway', 'POST /v1/image_to_video', unread, held))).toEqual(said);
    const submit = 'POST /?Action=CVSubmitTask';
    expect(await refused(understood('jimeng', submit, unread, held))).toEqual(said);
    // What is only kept of it decides nothing.
    expect((await understood('jimeng', submit, order, { rawHeaders })).meaning.kind).toBe('create');
    expect((await understood('runway', 'POST /v1/image_to_video', unread, { rawHeaders })).body).toBeUndefined();
  });

  it.each(['application/json', 'application/vnd.a+json', 'Application/JSON ; v=1; charset="UTF-8"'])(
    'reads a question that is %s',
    async (type) => {
      const asked = await understood('runway', 'POST /feed', feed, { rawHeaders: ['Content-Type', type] });
      expect(asked.meaning.kind).toBe('job');
    },
  );

  it.each([
    ['{"video":{"id":"a"},"model":"dear"}', ['dear']],
    ['{"video":{"id":"a"}}', null],
    ['{"video":{"id":"a"},"Model":"dear"}', expect.stringContaining('/model of its body')],
  ])('hears which model is named for what is made of a job: %s', async (body, named) => {
    const made = await understood('openai-videos', 'POST /v1/videos/edits', body, { readsModel: true });
    expect([made.meaning.kind, namedModels(made)]).toEqual(['job', named]);
  });

  it('refuses a question that is too long, whether or not it says so', async () => {
    const long = Buffer.from(`{"task_id":"a","x":"${picture}"}`);
    const said = [413, 'too-large', 'caller'];
    expect(await refused(understood('runway', 'POST /feed', long))).toEqual(said);
    expect(await refused(understood('runway', 'POST /feed', bodyOf(long, null)))).toEqual(said);
  });

  it('reads a create with a picture in it', async () => {
    expect((await understood('runware', 'POST /v1', film)).meaning.kind).toBe('create');
  });

  describe('with a caller who stalls', () => {
    afterEach(() => vi.useRealTimers());

    it('waits for a body no longer than every route does', async () => {
      vi.useFakeTimers();
      const discard = vi.fn();
      const enter = async () => undefined;
      const stalled = {
        length: 15,
        bytes: 3,
        discard,
        enter,
        whole: () => new Promise(() => {}),
      } as unknown as CallerBody;
      const said = refused(understood('runway', 'POST /feed', stalled));
      await vi.advanceTimersByTimeAsync(10_100);
      expect(await said).toEqual([408, 'body-too-slow', 'caller']);
      expect(discard).toHaveBeenCalledOnce();
    });
  });
});

it.each([
  ['runway', 'POST /v1/image_to_video', '{}', true],
  ['runway', 'POST /feed', feed, false],
  ['runway', 'GET /v1/organization', null, false],
  ['runway', 'POST /v1/uploads', '{}', true],
  ['runway', 'PUT /v1/anything', null, true],
  ['runway', 'DELETE /v1/tasks/a', null, false],
  ['openai-videos', 'POST /v1/videos/a/remix', '{}', true],
  ['runware', 'POST /v1', '[{"taskType":"imageInference"}]', true],
  ['generic', 'GET /v1', null, true],
])('%s: %s %s is counted: %s', async (dialect, request, body, counted) => {
  expect(isCounted(await understood(dialect, request, body))).toBe(counted);
});
