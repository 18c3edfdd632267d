import { Problem } from '@/lib/http/problem';

const mostWaiting = 8;
let waiting = 0;
let last: Promise<unknown> = Promise.resolve();

/** One at a time, for drawing is work; who would wait behind many is told to come again. */
export function inTurn<T>(draw: () => Promise<T>): Promise<T> {
  if (waiting > mostWaiting) return Promise.reject(busy());
  waiting += 1;
  const mine = last.then(draw).finally(() => {
    waiting -= 1;
  });
  last = mine.catch(() => undefined);
  return mine;
}

function busy(): Problem {
  const detail = 'Nothing was drawn: other pictures are being drawn already. Ask again in 5 s.';
  return new Problem(503, 'card-busy', detail, { headers: { 'retry-after': '5' } });
}
