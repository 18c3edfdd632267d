import { createHmac } from 'node:crypto';
import { secretsEqual } from '@/lib/kernel/constant-time';

type CardVerdict = 'open' | 'ended' | 'not_ours';

/** Of every token that was ever made: its end and its signature. */
export const cardShape = /^[0-9a-z]{1,9}\.[\w-]{43}$/;

/** Lets its holder see the card of one split until it ends. What it says is signed, so that nothing of it is stored. */
export function cardToken(secret: Uint8Array, split: string, endsAtMs: number): string {
  const ends = Math.floor(endsAtMs / 1000).toString(36);
  return `${ends}.${signed(secret, split, ends)}`;
}

export function judgeCard(secret: Uint8Array, split: string, token: string, nowMs: number): CardVerdict {
  const [ends = '', signature = ''] = token.split('.');
  if (!secretsEqual(signature, signed(secret, split, ends))) return 'not_ours';
  return Number.parseInt(ends, 36) * 1000 > nowMs ? 'open' : 'ended';
}

const signed = (secret: Uint8Array, split: string, ends: string): string =>
  createHmac('sha256', secret).update(`card/${split}/${ends}`).digest('base64url');
