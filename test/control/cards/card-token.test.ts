import { expect, it } from 'vitest';
import { cardToken, judgeCard } from '@/lib/control/cards/card-token';

const secret = new Uint8Array(32).fill(7);
const endsAtMs = Date.UTC(2026, 10, 29, 12);
const token = cardToken(secret, 'GEN_PROVIDER_WEIGHTS', endsAtMs);
const judged = (said: string, nowMs = endsAtMs - 1, split = 'GEN_PROVIDER_WEIGHTS', by = secret) =>
  judgeCard(by, split, said, nowMs);

it('opens one split until its end, and not a moment longer', () => {
  expect(judged(token)).toBe('open');
  expect(judged(token, endsAtMs)).toBe('ended');
  expect(judged(token, endsAtMs - 1, 'FILM_WEIGHTS')).toBe('not_ours');
  expect(judged(token, endsAtMs - 1, 'GEN_PROVIDER_WEIGHTS', new Uint8Array(32))).toBe('not_ours');
});

it('is no good with another end, nor in part', () => {
  const [, signature] = token.split('.');
  const later = (Math.floor(endsAtMs / 1000) + 1).toString(36);
  for (const said of [
    `${later}.${signature}`,
    `.${signature}`,
    `${token.split('.')[0]}.`,
    '',
    '.',
    token.slice(0, -1),
    `${token}x`,
  ])
    expect(judged(said), said).toBe('not_ours');
});
