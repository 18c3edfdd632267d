import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Head } from './integrity';

/** One line that says where the journal stood, signed by the process that saw it. */
export interface Anchor {
  readonly at: string;
  readonly heads: readonly Head[];
  readonly keyId: string;
  readonly signature: string;
  /** What is signed. */
  readonly body: string;
}

const shape = /sluice-anchor v1 (\S+)((?: [A-Z][A-Z0-9_]*=\d+:[0-9a-f]{64})+) key=([0-9a-f]{8}) sig=([0-9a-f]{64})/g;

export function anchorLine(heads: readonly Head[], at: Date, key: Buffer): string {
  const all = heads.map(({ flagKey, seq, hash }) => ` ${flagKey}=${seq}:${hash}`).join('');
  const body = `sluice-anchor v1 ${at.toISOString()}${all}`;
  const line = `${body} key=${keyId(key)} sig=${sign(body, key)}`;
  if (anchorsIn(line).length !== 1) throw new Error(`the journal was not anchored: ${body} could not be read again`);
  return line;
}

/** How many anchors a text means to hold, be they readable or not. */
export function anchorsMeant(text: string): number {
  return text.split('sluice-anchor v1 ').length - 1;
}

/** Every anchor in a text: a line by itself, a log, an alert that was mailed. */
export function anchorsIn(text: string): Anchor[] {
  return [...text.matchAll(shape)].map(([, at = '', all = '', id = '', signature = '']) => ({
    at,
    heads: all
      .trim()
      .split(' ')
      .map((one) => {
        const [, flagKey = '', seq = '', hash = ''] = /^(\w+)=(\d+):(\w+)$/.exec(one) ?? [];
        return { flagKey, seq: Number(seq), hash };
      }),
    keyId: id,
    signature,
    body: `sluice-anchor v1 ${at}${all}`,
  }));
}

/** `unknown`: another machine's key signed it, so here only its content can be compared. */
export function signatureOf(anchor: Anchor, key: Buffer | null): 'good' | 'forged' | 'unknown' {
  if (key === null || keyId(key) !== anchor.keyId) return 'unknown';
  return timingSafeEqual(Buffer.from(sign(anchor.body, key)), Buffer.from(anchor.signature)) ? 'good' : 'forged';
}

function sign(body: string, key: Buffer): string {
  return createHmac('sha256', key).update(body).digest('hex');
}

/** A short name for a key, which says nothing of it. */
export function keyId(key: Buffer): string {
  return createHash('sha256').update('sluice anchor key').update(key).digest('hex').slice(0, 8);
}
