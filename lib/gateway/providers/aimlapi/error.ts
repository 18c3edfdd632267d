import { type Fault, parseAs, readable, retryAfterMs, statusFault, wordless } from '../outcome';
import { unreadable } from '../unreadable';
import type { Answered } from '../upstream';
import { aimlapiError } from './answer';

export const isRefusedText = (text: string): boolean =>
  /content.{0,12}(?:policy|moderation|filter)|moderation|nsfw|sensitive|safety (?:system|filter|checker)/i.test(text);

/** An answer of another status than 200 or 201 → why it failed, and whether the work had begun. */
export function aimlapiFault(answer: Answered, key: string): Fault {
  const { status, headers } = answer;
  const said = parseAs(aimlapiError, answer.text);
  const words = said === null ? null : wordsOf(said.message) || wordsOf(said.error);
  const isPage = said === null && unreadable(answer).errorKind === 'intercepted';
  const why = words ?? (isPage ? 'a web page and no answer of the API' : wordless(status, null));
  return {
    ...verdictOf(status, words),
    httpStatus: status,
    message: readable(`HTTP ${status}: ${why}`, key),
    retryAfterMs: retryAfterMs(headers['retry-after'], Date.now()),
  };
}

/** A key that may do nothing for want of credits is a key that works. */
function verdictOf(status: number, words: string | null): Pick<Fault, 'errorKind' | 'started'> {
  if (status === 403 && words !== null) return { errorKind: 'balance', started: 'no' };
  if (status === 400 && words !== null && isRefusedText(words)) return { errorKind: 'content_policy', started: 'no' };
  const verdict = statusFault(status);
  // What stands before the API knows nothing of a generation that may run on behind it.
  return words === null && status >= 500 && status !== 503 ? { ...verdict, started: 'unknown' } : verdict;
}

/** It says nothing of such a generation; a 404 without its words may be a wrong address. */
export function isUnknownGeneration(answer: Answered): boolean {
  return answer.status === 404 && parseAs(aimlapiError, answer.text) !== null;
}

/** A sentence, a list of them, or an object that has one. */
function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(wordsOf).filter(Boolean).join('; ');
  if (typeof value !== 'object' || value === null) return '';
  const { name, message } = value as Record<string, unknown>;
  return [name, message].map(wordsOf).filter(Boolean).join(': ');
}
