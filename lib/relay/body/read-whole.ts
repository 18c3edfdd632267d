import { bodyWithinMs, tooSlow, watchArrival } from '@/lib/http/body/read-body';
import { Problem } from '@/lib/http/problem';
import type { CallerAnswer } from '../caller-answer';
import type { CallerBody } from '../caller-body';
import { blamed } from '../refusal';

/** All of a body that says what its request is. */
export async function readWhole(body: CallerBody, answer: Pick<CallerAnswer, 'ready'>, most: number): Promise<Buffer> {
  if ((body.length ?? 0) > most) throw tooLarge(most);
  await body.enter(most);
  answer.ready();
  const bytes = await arrived(body, most);
  if (bytes !== null) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  body.discard();
  throw tooLarge(most);
}

/** Within the time that every route gives a body. */
async function arrived(body: CallerBody, most: number): Promise<Uint8Array | null> {
  let stop = () => {};
  const late = new Promise<never>((_, reject) => {
    stop = watchArrival(
      bodyWithinMs,
      () => body.bytes,
      (afterMs) => reject(blamed(tooSlow(afterMs), 'caller')),
    );
  });
  const whole = body.whole(most).catch(() => null);
  try {
    return await Promise.race([whole, late]);
  } catch (error) {
    body.discard();
    throw error;
  } finally {
    stop();
  }
}

function tooLarge(most: number): Problem {
  const detail = `A request whose body says what it is has at most ${most / 1024} kB there; nothing was sent.`;
  return blamed(new Problem(413, 'too-large', detail), 'caller');
}
