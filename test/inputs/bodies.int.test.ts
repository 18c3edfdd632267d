import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '@/lib/doors/control/routes';
import type { Description } from '@/lib/doors/route';
import { expectRefusal, type Refusal } from './expect-refusal';
import { type DoorName, doors, openWorld, type World } from './world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const bytes = (text: string): Uint8Array<ArrayBuffer> => Buffer.from(text);
const writes = routes.filter((route) => route.body !== undefined);
const limits: Readonly<Record<string, number>> = {
  '/api/generate': 28 * 1024,
  '/v1/images/generations': 28 * 1024,
  '/v1/images/edits': 40 * 1024,
  '/api/jobs': 28 * 1024,
  '/v1/videos': 28 * 1024,
  '/v1/videos/{video}/remix': 28 * 1024,
  '/api/events': 256,
};
const limitOf = ({ path }: Description) => (limits[path] ?? 16) * 1024;

type Row = readonly [string, Uint8Array<ArrayBuffer>, Refusal, Readonly<Record<string, string | null>>?];

const malformed = (names: Refusal['names'] = []): Refusal => ({ status: 400, code: 'malformed-json', names });
const wrongType = (...names: string[]): Refusal => ({ status: 415, code: 'unsupported-media-type', names });

const rows: readonly Row[] = [
  ['an empty body', bytes(''), malformed(['The body is empty', 'must be a JSON object'])],
  ['a blank body', bytes(' \n'), malformed(['The body is not JSON'])],
  ['{bad', bytes('{bad'), malformed(['The body is not JSON'])],
  ['a trailing comma', bytes('{"a":1,}'), malformed(['The body is not JSON'])],
  ['a NaN literal', bytes('NaN'), malformed(['The body is not JSON'])],
  ['a NaN inside', bytes('{"reason":NaN}'), malformed(['The body is not JSON'])],
  ['-Infinity', bytes('{"reason":-Infinity}'), malformed(['The body is not JSON'])],
  ['two bodies', bytes('{}{}'), malformed(['The body is not JSON'])],
  ['a long body that is not JSON', bytes(`{"a": ${'x'.repeat(2000)}`), malformed(['The body is not JSON'])],
  ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), malformed(['not valid UTF-8'])],
  ['UTF-16', Buffer.from('\ufeff{"a":1}', 'utf16le'), malformed()],
  [
    'nine levels',
    bytes(`${'{"a":'.repeat(9)}1${'}'.repeat(9)}`),
    { status: 422, code: 'too-deep', names: ['8 levels'] },
  ],
  ['4,000 brackets', bytes('['.repeat(4000)), { status: 422, code: 'too-deep' }],
  ['no Content-Type', bytes('{}'), wrongType('missing', 'application/json'), { 'content-type': null }],
  ['text/plain', bytes('{}'), wrongType('text/plain', 'application/json'), { 'content-type': 'text/plain' }],
  ['a form', bytes('a=1'), wrongType('form'), { 'content-type': 'application/x-www-form-urlencoded' }],
  ['a near miss', bytes('{}'), wrongType('application/jsonp'), { 'content-type': 'application/jsonp' }],
];

async function send(door: DoorName, route: Description, raw: BodyInit, headers: Row[3] = {}) {
  const version = route.ifMatch === undefined ? null : await world.api.rollout.version();
  const { method } = route;
  return world.send(door, {
    method,
    path: route.path.replace('{id}', '1').replace('{slug}', 'gen').replace('{provider}/{alias}', 'fal/a'),
    raw,
    headers,
    version,
  });
}

describe.each(doors)('bodies that cannot be read, at the door %s', (door) => {
  it.each(writes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', async (_, route) => {
    const before = await world.state();
    for (const [label, raw, refusal, headers] of rows) {
      const said = await send(door, route, raw, headers);
      expectRefusal(said, { ...refusal, sent: Buffer.from(raw).toString() });
      expect(said.text, label).not.toContain('\ufffd');
    }
    expect(await world.state()).toEqual(before);
  });

  it.each(writes.map((route) => [limitOf(route), `${route.method} ${route.path}`, route] as const))(
    'more than %i bytes to %s',
    async (limit, _, route) => {
      const before = await world.state();
      const large = bytes(JSON.stringify({ reason: 'x'.repeat(limit) }));
      const refusal = { status: 413, code: 'too-large', names: [String(limit)], sent: String(large) };
      expectRefusal(await send(door, route, large), refusal);
      expect(await world.state()).toEqual(before);
    },
  );

  it.each([
    ['null', 'is null'],
    ['[]', 'is []'],
    ['"x"', 'is "x"'],
    ['1', 'is 1'],
    ['"yyyy', 'y'.repeat(60)],
  ])('%s… where an object belongs', async (start, names) => {
    const raw = start === '"yyyy' ? JSON.stringify('y'.repeat(5000)) : start;
    const before = await world.state();
    for (const route of writes) {
      const said = await send(door, route, bytes(raw));
      const given = said.body.error as { code: string } | undefined;
      const code = given?.code.replaceAll('_', '-') ?? String(said.body.code);
      expect(code).toMatch(/-invalid$/);
      expectRefusal(said, { status: 422, code, names: route.path === '/api/events' ? [] : [names], sent: raw });
    }
    expect(await world.state()).toEqual(before);
  });
});

it('a body without a length is cut at its limit too', async () => {
  const before = await world.state();
  for (const route of writes) {
    const piece = Buffer.alloc(8 * 1024, ' ');
    let left = limitOf(route) + piece.length;
    const raw = new ReadableStream({
      pull(controller) {
        controller.enqueue(piece);
        left -= piece.length;
        if (left <= 0) controller.close();
      },
    });
    const said = await send('next', route, raw as unknown as BodyInit);
    expectRefusal(said, { status: 413, code: 'too-large', names: [String(limitOf(route))] });
  }
  expect(await world.state()).toEqual(before);
});
