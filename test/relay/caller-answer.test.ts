import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { stalledMs } from '@/lib/http/body/held-body';
import { CallerAnswer } from '@/lib/relay/caller-answer';
import { CallerBody } from '@/lib/relay/caller-body';

const from = { origin: 'https://a.test', pathPrefix: '' };

function answering(isBare: boolean) {
  let headers: readonly string[] = [];
  const timeouts: number[] = [];
  const response = Object.assign(new EventEmitter(), {
    ...{ destroyed: false, isEnded: false, writableEnded: true, writableLength: 1 },
    setTimeout: (ms: number, then: () => void) => {
      timeouts.push(ms);
      response.once('timeout', then);
    },
    writeHead: (_: number, said: readonly string[]) => {
      headers = said;
    },
    flushHeaders: () => undefined,
    end: () => {
      response.isEnded = true;
    },
    destroy: () => {
      response.destroyed = true;
    },
  });
  const request = Object.assign(new EventEmitter(), { complete: false });
  const facts = { prefix: '/acme', isBare, isExpecting: false, isHttps: false, key: null };
  const answer = new CallerAnswer(request as never, response as never, null, facts);
  return { answer, request, response, timeouts, headers: () => headers };
}

describe('an answer', () => {
  it('is given up when its caller takes none of it', () => {
    const { answer, response, timeouts } = answering(true);
    answer.begin(200, [], from);
    answer.end();
    expect([response.isEnded, timeouts]).toEqual([true, [stalledMs]]);
    response.emit('timeout');
    expect(response.destroyed).toBe(true);
  });

  it('that the machine has taken whole waits for nobody', () => {
    const { answer, response, timeouts } = answering(true);
    response.writableLength = 0;
    answer.begin(200, [], from);
    answer.end();
    expect([response.isEnded, timeouts]).toEqual([true, []]);
  });

  it('to a question whose body is still arriving closes the connection', () => {
    const { answer, request, response, headers } = answering(false);
    answer.begin(200, [], from);
    answer.end();
    expect(headers().slice(-2)).toEqual(['connection', 'close']);
    expect(response.isEnded).toBe(false);
    request.emit('end');
    expect(response.isEnded).toBe(true);
  });
});

it('a caller that is waited for keeps the clock of its body running', async () => {
  const body = new CallerBody(new EventEmitter() as never, 3, async () => null);
  expect([body.isAwaited, body.waitedMs]).toEqual([false, 0]);
  void body.whole(10);
  expect(body.isAwaited).toBe(true);
  await expect.poll(() => body.waitedMs).toBeGreaterThan(0);
});
