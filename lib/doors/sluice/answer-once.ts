import type { Deduplicator, End } from '@/lib/gateway/request/deduplicate';
import type { IdempotencyKey } from '@/lib/gateway/request/idempotency-store';
import { refusalOf } from './generate-problem';

/** An answer as it is stored under an idempotency key: everything but what belongs to this one delivery. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** It held an image's bytes, which are given once: what is kept is without them. */
  readonly isGiven?: true;
}

interface Told {
  readonly answer: Answer;
  readonly isReplay: boolean;
  /** Of the key alone: what a refusal says of it as well. */
  readonly headers: Record<string, string>;
}

/** The answer of a key: made now, or told again. Throws where it cannot be told; `thing` is what may have been made. */
export async function answerOnce(
  deduplicator: Deduplicator,
  key: IdempotencyKey,
  make: () => Promise<End<Answer>>,
  thing?: string,
): Promise<Told> {
  const outcome = await deduplicator.run<Answer>(key, make);
  const headers: Record<string, string> = outcome.keptIn === 'memory' ? { 'idempotency-store': 'memory' } : {};
  if (outcome.kind === 'fresh') return { answer: withHeaders(outcome.end.response, headers), isReplay: false, headers };
  if (outcome.kind !== 'replayed') throw refusalOf(outcome.kind, headers, undefined, thing);
  if (outcome.response.isGiven) throw refusalOf('given', headers);
  const answer = withHeaders(outcome.response, { ...headers, 'idempotency-replayed': 'true' });
  return { answer, isReplay: true, headers };
}

function withHeaders(answer: Answer, more: Readonly<Record<string, string>>): Answer {
  return { ...answer, headers: { ...answer.headers, ...more } };
}
