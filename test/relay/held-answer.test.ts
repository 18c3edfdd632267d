import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ProviderResult } from '@/lib/gateway/providers/provider';
import type { AnswerSink } from '@/lib/gateway/providers/relay/stream-call';
import type { Dialect } from '@/lib/registry/dialects/dialect';
import { kling } from '@/lib/relay/dialects/kling';
import { HeldAnswer, mostRead } from '@/lib/relay/jobs/held-answer';
import { bodyOf, readCreate } from '@/lib/relay/jobs/read-create';

const from = { origin: 'https://a.test', pathPrefix: '' };

function caller() {
  const told: string[] = [];
  let gone: (() => void) | null = null;
  const sink: AnswerSink & { isGone: boolean } = {
    isGone: false,
    onGone: (listener) => {
      gone = listener;
    },
    ready: () => told.push('ready'),
    begin: (status) => told.push(`begin ${status}`),
    write: (chunk) => told.push(`write ${chunk.length}`) > 0,
    drained: (then) => then(),
    end: () => told.push('end'),
    break: () => told.push('break'),
  };
  const hangUp = () => {
    sink.isGone = true;
    gone?.();
  };
  return { told, sink, hangUp };
}

describe('an answer that is held', () => {
  it('goes to its caller when it is released, and not before', () => {
    const { told, sink } = caller();
    const held = new HeldAnswer(sink);
    held.begin(201, ['Content-Encoding', 'GZIP'], from);
    held.write(Buffer.from('abc'));
    held.end();
    expect(told).toEqual([]);
    expect(held.copied).toMatchObject({ encoding: 'gzip', bytes: Buffer.from('abc') });
    expect(held.release()).toBe(true);
    expect(told).toEqual(['begin 201', 'write 3', 'end']);
  });

  it('passes as it comes once it is longer than what is read, and nothing is known of it', () => {
    const { told, sink } = caller();
    const held = new HeldAnswer(sink);
    held.begin(200, [], from);
    held.write(Buffer.alloc(mostRead));
    expect(told).toEqual([]);
    held.write(Buffer.alloc(1));
    held.write(Buffer.alloc(2));
    held.end();
    expect(told).toEqual(['begin 200', `write ${mostRead}`, 'write 1', 'write 2', 'end']);
    expect([held.copied.bytes, held.release()]).toEqual([null, false]);
  });

  it('is nobody’s when it broke off', () => {
    const { told, sink } = caller();
    const held = new HeldAnswer(sink);
    held.begin(200, [], from);
    held.write(Buffer.from('{"id":'));
    held.break();
    expect([held.copied.bytes, held.release(), told]).toEqual([null, false, []]);
  });

  it('is read to its end though its caller hung up; what passes is not', () => {
    const { sink, hangUp } = caller();
    const held = new HeldAnswer(sink);
    let isTold = false;
    held.onGone(() => {
      isTold = true;
    });
    held.begin(200, [], from);
    hangUp();
    expect([held.isGone, isTold]).toEqual([false, false]);
    held.write(Buffer.alloc(mostRead + 1));
    expect([held.isGone, isTold]).toEqual([true, true]);
  });
});

describe('what is read of a create’s answer', () => {
  const creating = {
    dialect: kling as Dialect,
    rule: kling.creates[0] as never,
    captures: { type: 't2v' },
    prefix: '/k',
  };
  const well: ProviderResult = {
    ...({ ok: true, provider: 'p', model: 'm', latencyMs: 1, images: [], costUsd: null } as const),
    ...({ costBasis: 'unknown', providerRequestId: null } as const),
  };
  const read = (body: string) =>
    readCreate({ ...creating, body: undefined }, well, { bytes: Buffer.from(body), encoding: '' });

  it('is the id, and what it takes to ask for it', () => {
    const { accepted } = read('{"code":0,"data":{"task_id":"831"}}') as Extract<ProviderResult, { ok: true }>;
    const upstream = { prefix: '/k', rule: 'POST /v1/videos/{type}', names: { type: 't2v' } };
    expect(accepted).toEqual({ upstreamId: '831', upstream });
  });

  it.each([
    ['{"code":0,"data":{"task_id":7312345678901234567}}', '7312345678901234567'],
    ['\ufeff{"code":0,"data":{"say":"\\\\\\"1234567890123456789","task_id":831}}', '831'],
    ['{"code":0,"data":{"cost":0.12345678901234567,"task_id":9007199254740991}}', '9007199254740991'],
  ])('is the id as it was written: %s', (body, id) =>
    expect(read(body)).toMatchObject({ accepted: { upstreamId: id } }),
  );

  it('is read at once where it was cut off within a text of many signs', () =>
    expect(read(`{"code":7312345678901234567,"say":"${'\\"'.repeat(100_000)}`)).not.toHaveProperty('accepted'));

  it('is a refusal where the envelope says so, whatever the status', () => {
    expect(read('{"code":1303,"message":"parallel task over resource pack limit"}')).toMatchObject({
      ...{ ok: false, errorKind: 'rejected', started: 'no', isPassed: true },
      message: expect.stringContaining('parallel task'),
    });
  });

  it.each(['', 'no JSON', '{"code":0,"data":{}}', `{"code":0,"data":{"task_id":"${'x'.repeat(600)}"}}`])(
    'is nothing where it names no job: %j',
    (body) => expect(read(body)).toEqual(well),
  );

  it.each([
    ['gzip', gzipSync('{"a":1}')],
    ['br', brotliCompressSync('{"a":1}')],
    ['', Buffer.from('{"a":1}')],
  ])('is unpacked: %s', (encoding, bytes) => expect(bodyOf({ bytes, encoding })).toEqual({ a: 1 }));

  it('is not read where it is packed as nobody knows, or would burst', () => {
    expect(bodyOf({ bytes: Buffer.from('{}'), encoding: 'zstd' })).toBeUndefined();
    expect(bodyOf({ bytes: gzipSync(Buffer.alloc(8 * 1024 * 1024, 32)), encoding: 'gzip' })).toBeUndefined();
  });
});
