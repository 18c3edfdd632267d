import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runtime } from '@/lib/process/web';
import { expectRefusal } from './expect-refusal';
import { doors, openWorld, type World } from './world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const long = 'y'.repeat(3001);

/** Body of `/api/generate`, what the sentence names; and the same for OpenAI's shape where it has the member. */
const rows: readonly (readonly [Record<string, unknown>, string, 'ours' | 'both'])[] = [
  [{}, 'prompt is missing', 'both'],
  [{ prompt: '' }, 'prompt is empty; it must say something', 'both'],
  [{ prompt: ' \n\t ' }, 'prompt is blank; it must say something', 'both'],
  [{ prompt: 7 }, 'prompt is 7; it must be text', 'both'],
  [{ prompt: ['x'] }, 'prompt is ["x"]; it must be text', 'both'],
  [{ prompt: null }, 'prompt is null; it must be text', 'both'],
  [{ prompt: 'a\0b' }, 'prompt contains a NUL character', 'both'],
  [{ prompt: '\ud800' }, 'prompt contains half a character (a lone surrogate)', 'both'],
  [{ prompt: 'x\udc00y' }, 'prompt contains half a character', 'both'],
  [{ prompt: long }, 'prompt must be at most 3000 characters', 'both'],
  [{ prompt: 'x', n: 0 }, 'n is 0; it must be an integer from 1 to 10', 'both'],
  [{ prompt: 'x', n: 1000 }, 'n is 1000; it must be an integer from 1 to 10', 'both'],
  [{ prompt: 'x', n: -1 }, 'n is -1; it must be an integer from 1 to 10', 'both'],
  [{ prompt: 'x', n: 1.5 }, 'n is 1.5; it must be an integer from 1 to 10', 'both'],
  [{ prompt: 'x', n: '2' }, 'n is "2"; it must be an integer from 1 to 10', 'both'],
  [{ prompt: 'x', width: -1 }, 'width is -1; it must be an integer from 64 to 8192', 'ours'],
  [{ prompt: 'x', width: 100_000 }, 'width is 100000; it must be an integer from 64 to 8192', 'ours'],
  [{ prompt: 'x', height: 0 }, 'height is 0; it must be an integer from 64 to 8192', 'ours'],
  [{ prompt: 'x', height: 1000.5 }, 'height is 1000.5; it must be an integer from 64 to 8192', 'ours'],
  [{ prompt: 'x', width: 1e308 }, 'width is 1e+308', 'ours'],
  [{ prompt: 'x', model: 'no-such-model' }, 'model', 'both'],
  [{ prompt: 'x', model: long }, 'model is 3001 characters long; it must be at most 128', 'both'],
  [{ prompt: 'x', model: '../../etc/passwd' }, 'model', 'both'],
  [{ prompt: 'x', user: '' }, 'user is empty', 'both'],
  [{ prompt: 'x', user: long }, 'user is 3001 characters long; it must be at most 256', 'both'],
  [{ prompt: 'x', widht: 512 }, 'widht', 'ours'],
  [{ prompt: 'x', [long]: 1 }, 'is not known here', 'ours'],
  [{ prompt: 'x', n: long }, 'it must be an integer from 1 to 10', 'both'],
];

const openaiRows: readonly (readonly [Record<string, unknown>, string])[] = [
  ...rows.flatMap(([body, names, who]) => (who === 'both' ? [[body, names] as const] : [])),
  [{ prompt: 'x', size: '-1x100' }, 'size is "-1x100"; it must be "auto" or like "1024x1024"'],
  [{ prompt: 'x', size: '100000x64' }, 'it must be'],
  [{ prompt: 'x', size: long }, 'it must be "auto" or like "1024x1024"'],
  [{ prompt: 'x', size: '63x1024' }, 'it must be an integer from 64 to 8192'],
  [{ prompt: 'x', response_format: 'png' }, 'it must be "url" or "b64_json"'],
  [{ prompt: 'x', stream: true }, 'is not offered'],
];

describe.each(doors)('generations that cannot be, at the door %s', (door) => {
  it.each([
    ['/api/generate', rows.map(([body, names]) => [body, names] as const)],
    ['/v1/images/generations', openaiRows],
  ] as const)('%s calls nobody', async (path, table) => {
    const before = await world.state();
    for (const [body, names] of table) {
      const said = await world.send(door, { method: 'POST', path, body });
      expectRefusal(said, {
        status: 422,
        code: 'request-invalid',
        names: [names],
        sent: Object.values(body).join() + long,
      });
    }
    expect(await world.state()).toEqual(before);
  });

  it.each(['/api/generate', '/v1/images/generations'])('a megabyte to %s', async (path) => {
    const before = await world.state();
    const said = await world.send(door, { method: 'POST', path, body: { prompt: 'x'.repeat(1_000_000) } });
    expectRefusal(said, { status: 422, code: 'request-invalid', names: ['32000'] });
    expect('error' in said.body).toBe(path.startsWith('/v1/'));
    expect(await world.state()).toEqual(before);
  });

  it.each(['', ' ', 'y'.repeat(256)])('an Idempotency-Key of %j', async (key) => {
    const before = await world.state();
    const headers = { 'idempotency-key': key };
    const said = await world.send(door, { method: 'POST', path: '/api/generate', body: { prompt: 'x' }, headers });
    expectRefusal(said, { status: 422, code: 'idempotency-key-invalid', names: ['Idempotency-Key'], sent: key });
    expect(await world.state()).toEqual(before);
  });

  it('a key that is used again: replayed; with another body; while the first still runs', async () => {
    const post = (key: string, prompt: string, path = '/api/generate') =>
      world.send(door, { method: 'POST', path, body: { prompt }, headers: { 'idempotency-key': key } });
    const first = await post(`${door}-1`, 'x');
    expect(first.status).toBe(200);
    await runtime().dataPlane.events.flush();
    const before = await world.state();
    const again = await post(`${door}-1`, 'x');
    expect([again.status, again.headers.get('idempotency-replayed'), again.text]).toEqual([200, 'true', first.text]);
    const mismatch = { status: 422, code: 'idempotency-mismatch', names: ['another body'] };
    expectRefusal(await post(`${door}-1`, 'y'), mismatch);
    expectRefusal(await post(`${door}-1`, 'x', '/v1/images/generations'), mismatch);
    expect(await world.state()).toEqual(before);
    for (const name of ['fal', 'runware'] as const) world.sandbox.control(name, { latencyMs: 300 });
    const two = await Promise.all([post(`${door}-2`, 'x'), post(`${door}-2`, 'x')]);
    for (const name of ['fal', 'runware'] as const) world.sandbox.control(name, { latencyMs: 0 });
    const [won, lost] = two[0]?.status === 200 ? two : [two[1], two[0]];
    expect(won?.status).toBe(200);
    expectRefusal(lost as never, { status: 409, code: 'still-running', names: ['still running'] });
  });
});

const good = { event_type: 'gen_route', event_data: { provider: 'fal', latency_ms: 120 } };
const data = (name: string, value: unknown) => ({ ...good, event_data: { ...good.event_data, [name]: value } });
const dated = (created_at: unknown) => ({ ...good, created_at });
const hours = (n: number) => new Date(Date.now() + n * 3_600_000).toISOString();

/** One item of a batch, in JSON, and what the sentence about it names. */
const items: readonly (readonly [string, string])[] = [
  [JSON.stringify(data('latency_ms', -1)), 'is -1; it must be a number from 0 to 3600000 milliseconds'],
  ['{"event_type":"gen_route","event_data":{"latency_ms":1e308}}', 'is 1e+308; it must be a number'],
  [
    '{"event_type":"gen_route","event_data":{"latency_ms":1e400}}',
    'is Infinity; it must be a number from 0 to 3600000',
  ],
  ['{"event_type":"gen_route","event_data":{"other":1e400}}', 'an infinite number'],
  [
    '{"event_type":"gen_route","event_data":{"latency_ms":-1e400}}',
    'is -Infinity; it must be a number from 0 to 3600000',
  ],
  [JSON.stringify(data('latency_ms', '12')), 'is "12"; it must be a number'],
  [JSON.stringify(data('latency_ms', 'NaN')), 'is "NaN"; it must be a number'],
  [JSON.stringify(data('latency_ms', [1])), 'is [1]; it must be a number'],
  [JSON.stringify(data('latency_ms', long)), 'it must be a number'],
  [JSON.stringify(data('latency_ms', 3_600_001)), 'is 3600001; it must be a number from 0 to 3600000'],
  [JSON.stringify(data('cost_per_image', -0.01)), 'is -0.01; it must be a number from 0 to 1000 US dollars'],
  [JSON.stringify(data('attempt', 0)), 'is 0; it must be a number from 1 to 1000 attempts'],
  [JSON.stringify(data('images', 1e9)), 'it must be a number from 0 to 10000 images'],
  [JSON.stringify(data('provider', 'runwear')), 'is "runwear"; registered providers are fal, runware'],
  [JSON.stringify(data('provider', "fal'; drop table feature_flags;--")), 'registered providers are fal, runware'],
  [JSON.stringify(data('provider', long)), 'registered providers are fal, runware'],
  [JSON.stringify(data('assigned', 7)), 'is 7; registered providers are fal, runware'],
  [JSON.stringify(data('note', 'a\0b')), 'contains a NUL'],
  [JSON.stringify(data('note', '\udc00')), 'half a character'],
  [JSON.stringify(dated(hours(1))), 'in the future'],
  [JSON.stringify(dated(hours(-366 * 24))), 'more than 24 h ago'],
  [JSON.stringify(dated('yesterday')), 'it must be ISO 8601 with a zone'],
  [JSON.stringify(dated(long)), 'it must be ISO 8601 with a zone'],
  [JSON.stringify(dated(1_780_000_000_000)), 'it must be ISO 8601 with a zone'],
  [JSON.stringify({ ...good, event_type: 'Gen Route' }), 'it must be lower-case words joined by _'],
  [JSON.stringify({ ...good, event_type: "x'; drop table feature_flags;--" }), 'it must be lower-case words'],
  [JSON.stringify({ ...good, [long]: 1 }), 'is not a member of an event'],
  ['7', 'is 7; an event is an object'],
  ['null', 'is null; an event is an object'],
];

describe.each(doors)('events that would lie, at the door %s', (door) => {
  const post = (raw: string) => world.send(door, { method: 'POST', path: '/api/events', raw });

  it('are refused one by one, each by what is wrong with it', async () => {
    const before = await world.state();
    for (const [item, names] of items) {
      const said = await post(`{"events":[${item}]}`);
      expectRefusal(said, {
        status: 422,
        code: 'events-invalid',
        names: ['None of 1 events is valid', names],
        sent: item,
      });
      expect(said.body).toMatchObject({ accepted: 0, rejected: 1 });
    }
    expect(await world.state()).toEqual(before);
  });

  it('cost the good ones nothing', async () => {
    const { events } = runtime().dataPlane;
    const recorded = () => events.stored + events.depth();
    const before = recorded();
    const said = await post(`[${items.flatMap(([item]) => [item, JSON.stringify(good)]).join(',')}]`);
    expect(said.status).toBe(207);
    expect(said.body).toMatchObject({ accepted: items.length, rejected: items.length });
    const errors = said.body.errors as { pointer: string; detail: string; status: number }[];
    for (const [at, [, names]] of items.entries()) {
      const own = errors.filter(({ pointer }) => pointer.split('/')[1] === String(at * 2));
      expect(own.map(({ detail }) => detail).join(), String(at)).toContain(names);
      for (const { status, detail } of own) {
        expect(status).toBe(422);
        expect(detail.length).toBeLessThan(200);
      }
    }
    expect(errors.every(({ pointer }) => Number(pointer.split('/')[1]) % 2 === 0)).toBe(true);
    expect(recorded()).toBe(before + items.length);
    await events.flush();
    expect(events.depth()).toBe(0);
    const rows = await world.api.rollout
      .sql`select distinct event_data from analytics_logs where event_type = 'gen_route'`;
    expect(rows.filter(({ event_data }) => !('request_id' in event_data))).toEqual([{ event_data: good.event_data }]);
  });

  it.each([
    ['{}', 'events is missing; it must be an array'],
    ['{"events":7}', 'events is 7; it must be an array'],
    ['[]', 'holds 0 events; a batch is 1 to 500'],
    [`[${'7,'.repeat(500)}7]`, 'holds 501 events; a batch is 1 to 500'],
  ])('%.20s is no batch', async (raw, names) => {
    const before = await world.state();
    expectRefusal(await post(raw), { status: 422, code: 'request-invalid', names: [names], sent: raw });
    expect(await world.state()).toEqual(before);
  });

  it.each([
    [{}, 422, 'request-invalid', 'request_id is missing'],
    [{ request_id: 7 }, 422, 'request-invalid', 'request_id is 7'],
    [{ request_id: long }, 422, 'request-invalid', 'it must be the request_id'],
    [{ request_id: "x'; drop table feature_flags;--" }, 422, 'request-invalid', 'it must be the request_id'],
    [{ request_id: 'a', reason: 'Because!' }, 422, 'request-invalid', 'lower-case words joined by _'],
    [{ request_id: 'never-served' }, 404, 'unknown-request', 'never-served'],
  ])('a voucher for %j', async (body, status, code, names) => {
    const before = await world.state();
    const said = await world.send(door, { method: 'POST', path: '/api/vouchers', body });
    expectRefusal(said, { status, code, names: [names], sent: JSON.stringify(body) });
    expect(await world.state()).toEqual(before);
  });
});
