import fc from 'fast-check';
import { routes } from '@/lib/doors/control/routes';
import type { Description } from '@/lib/doors/route';
import { almost, anyJson, anyText, event, mangled, nasty, policy, weights } from './grammar';

/** Stands for the version the split has when the request is sent, so that writes get as far as they can. */
export const current = '"CURRENT"';

export interface FuzzRequest {
  readonly method: string;
  /** With the query; printable ASCII, as a client must write it. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
}

export interface Keys {
  readonly admin: string;
  readonly api: string;
  readonly cron: string;
}

const reason = fc.oneof(fc.constant('a reason'), anyText);
const span = { window: fc.constantFrom('1h', '6h', '10d', 'abc'), from: nasty, to: nasty };
const image = {
  prompt: fc.oneof(fc.constant('a cat'), anyText),
  model: fc.constantFrom('flux-schnell', 'none', 'dall-e-3'),
  n: fc.integer({ min: -1, max: 5 }),
  user: anyText,
};
const shapes: Readonly<Record<string, fc.Arbitrary<object>>> = {
  '/api/rollout/advance': fc.record({ to: fc.constantFrom('D1', 'D2', 'D3', 'x'), reason, override: fc.boolean() }),
  '/api/rollout/weights': fc.record({ weights, reason, override: fc.boolean() }),
  '/api/policy': fc.record({ policy, reason, confirm: fc.boolean() }),
  '/api/replay': fc.record({ policy, ...span }, { requiredKeys: [] }),
  '/api/session': fc.record(
    { token: anyText, link: anyText, email: anyText, password: anyText, code: anyText, send_code: fc.boolean() },
    { requiredKeys: [] },
  ),
  '/api/operators': fc.record({
    name: fc.oneof(fc.string({ maxLength: 8 }), nasty),
    role: fc.constantFrom('viewer', 'operator', 'admin', 'god'),
    valid_days: fc.integer(),
  }),
  '/api/alert-channels': fc.record({
    kind: fc.constantFrom('webhook', 'slack', 'feishu', 'dingtalk', 'wecom', 'pigeon'),
    // Where nobody listens: nothing may leave this machine.
    url: fc.oneof(fc.constantFrom('http://127.0.0.1:9/hook', 'http://[::1]:9/', 'ftp://127.0.0.1', '//x'), nasty),
    secret: anyText,
  }),
  '/api/generate': fc.record(
    { ...image, width: fc.nat({ max: 33 }).map((steps) => steps * 64), height: fc.constantFrom(512, 1024, 77) },
    { requiredKeys: ['prompt'] },
  ),
  '/api/jobs': fc.record(
    { ...image, split: fc.constantFrom('film', 'film', 'gen', 'x'), duration: fc.integer({ min: -1, max: 9 }) },
    { requiredKeys: ['prompt', 'model', 'split'] },
  ),
  '/v1/images/generations': fc.record(
    {
      ...image,
      size: fc.constantFrom('auto', '512x512', '1x1', 'big'),
      response_format: fc.constantFrom('url', 'b64_json'),
    },
    { requiredKeys: ['prompt'] },
  ),
  '/v1/videos': fc.record(
    {
      ...{ prompt: image.prompt, model: fc.constantFrom('flux-schnell', 'none', 'sora-2') },
      seconds: fc.oneof(fc.constantFrom('4', '8', 5), anyText),
      size: fc.constantFrom('1280x720', 'auto', 'big'),
      input_reference: fc.oneof(anyText, fc.record({ image_url: nasty })),
    },
    { requiredKeys: ['prompt'] },
  ),
  '/api/vouchers': fc.record({ request_id: fc.oneof(fc.uuid(), anyText) }),
  '/api/events': fc.record({ events: fc.array(almost(event), { maxLength: 6 }) }),
};

const utf8 = (text: string) => new TextEncoder().encode(text);
const written = (shape: fc.Arbitrary<unknown>) => shape.map((value) => JSON.stringify(value) ?? '');

function bodyOf({ path, method }: Description): fc.Arbitrary<Uint8Array | null> {
  const shape = shapes[path] ?? fc.record({ reason });
  const text = written(almost(shape));
  const usual = fc.oneof({ weight: 4, arbitrary: text }, mangled(text), written(anyJson)).map(utf8);
  const huge = fc.constant(utf8('['.repeat(70_000)));
  const garbage = fc.oneof({ weight: 8, arbitrary: fc.uint8Array({ maxLength: 200 }) }, fc.constant(null), huge);
  const isRead = method === 'GET';
  return fc.oneof({ weight: isRead ? 1 : 6, arbitrary: usual }, { weight: isRead ? 6 : 1, arbitrary: garbage });
}

const queries = fc.dictionary(
  fc.constantFrom(
    'limit',
    'before',
    'from',
    'to',
    'window',
    'format',
    'flag',
    'text',
    'verb',
    'actor',
    'after',
    'state',
    'x',
  ),
  fc.oneof(nasty, fc.constantFrom('1', '500', 'queued', '6h', 'csv', 'json', '2026-11-20T00:00:00Z'), anyText),
  { maxKeys: 3 },
);

/** What a client may not write into a request line is written as percent signs, at times wrongly. */
const printable = (text: string) => text.replace(/[^\x21-\x7e]/g, '%e4').slice(0, 4000);
const headerText = (text: string) =>
  text
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 3000)
    .trim();

const pages = fc.constantFrom(
  '/',
  '/journal',
  '/settings',
  '/sign-in',
  '/api',
  '/api/nothing',
  '/_next/x',
  '/favicon.ico',
);

function pathOf({ path }: Description): fc.Arbitrary<string> {
  const part = fc.oneof(
    fc.integer({ min: -1, max: 50 }).map(String),
    nasty.filter((text) => text !== '\uD800').map((text) => encodeURIComponent(text)),
    anyText,
  );
  const filled = part.map((text) => path.replace(/\{\w+\}/, () => text));
  const usual = path.includes('{') ? filled : fc.constant(path);
  return fc
    .oneof({ weight: 12, arbitrary: usual }, mangled(usual), pages)
    .map((text) => `/${printable(text).replace(/^\/+/, '')}`);
}

function headersOf(route: Description, keys: Keys): fc.Arbitrary<Record<string, string>> {
  const right = {
    cron: keys.cron,
    key: keys.api,
    public: keys.admin,
    viewer: keys.admin,
    operator: keys.admin,
    admin: keys.admin,
  };
  const bearer = fc.oneof(
    { weight: 8, arbitrary: fc.constant(`Bearer ${right[route.access]}`) },
    fc.constantFrom('Bearer undefined', 'Bearer', 'Basic YTpi', `Bearer ${keys.api}`, `bearer  ${keys.admin}`),
    anyText,
  );
  const rare = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 12, nil: undefined }).map((x) => x);
  const seldom = (values: fc.Arbitrary<string>) =>
    fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, rare(values));
  return fc
    .record({
      authorization: fc.oneof({ weight: 14, arbitrary: bearer }, fc.constant(undefined)),
      'content-type': fc.oneof(
        { weight: 12, arbitrary: fc.constant('application/json') },
        fc.constantFrom('text/plain', 'application/json; charset=utf-16', 'multipart/form-data', ''),
        anyText,
      ),
      'if-match': fc.oneof(
        { weight: 6, arbitrary: fc.constant(current) },
        fc.constantFrom('"0"', 'W/"1"', '*', '"1", "2"'),
        anyText,
      ),
      'idempotency-key': seldom(fc.oneof(fc.constantFrom('a', 'b', 'c'), anyText)),
      'x-request-id': seldom(anyText),
      origin: seldom(fc.constantFrom('null', 'https://evil.example', 'http://127.0.0.1')),
      cookie: seldom(fc.oneof(fc.constantFrom('sluice=x.y', 'sluice=', 'sluice=e30.e30'), anyText)),
      host: seldom(fc.constantFrom('evil.example', 'localhost:1', '')),
      'accept-encoding': seldom(fc.constantFrom('gzip', 'br;q=0', '*')),
      'x-forwarded-for': seldom(fc.oneof(nasty, fc.ipV6())),
      'x-forwarded-proto': seldom(fc.constantFrom('https', 'gopher')),
      range: seldom(fc.constantFrom('bytes=0-0')),
    })
    .map((all) =>
      Object.fromEntries(
        Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, headerText(value)]])),
      ),
    );
}

const methods = fc.constantFrom(
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'PURGE',
);

/** Any request at all, most of them nearly right. */
export function httpRequests(keys: Keys): fc.Arbitrary<FuzzRequest> {
  return fc.constantFrom(...routes).chain((route) =>
    fc.record({
      method: fc.oneof({ weight: 8, arbitrary: fc.constant(route.method as string) }, methods),
      target: fc.tuple(pathOf(route), fc.option(queries, { freq: 3 })).map(([path, query]) => {
        return query === null ? path : `${path}?${new URLSearchParams(query)}`;
      }),
      headers: headersOf(route, keys),
      body: bodyOf(route),
    }),
  );
}

/** Bytes on a socket that are nearly HTTP. */
export const rawBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  mangled(
    fc.constantFrom(
      'GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
      'POST /api/generate HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'POST /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: -1\r\n\r\n[]',
      'GET http://evil.example/ HTTP/1.0\r\n\r\n',
      'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
      'GET /api/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    ),
  ).map(utf8),
);
