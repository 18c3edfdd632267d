import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { parseAs } from '@/lib/gateway/providers/outcome';
import { openUpstream } from '@/lib/gateway/providers/upstream';
import type { StartDeadline } from '@/lib/kernel/deadline';

interface KeySetParts {
  readonly url: string;
  readonly now: () => number;
  readonly startDeadline: StartDeadline;
}

const keptForMs = 24 * 3_600_000;
/** A message that no known key has signed may be signed with a new one: the keys are read again, at most this often. */
const askedAgainAfterMs = 60_000;
const withinMs = 5000;

const jwks = z.object({ keys: z.array(z.unknown()).max(100) });

/** A vendor's public keys, read where it publishes them (JWKS). */
export class KeySet {
  private keys: readonly KeyObject[] = [];
  private readAtMs = Number.NEGATIVE_INFINITY;
  private askedAtMs = Number.NEGATIVE_INFINITY;
  private asking: Promise<void> | null = null;

  constructor(private readonly parts: KeySetParts) {}

  /** Throws where none is known and none can be read. `isStale`: none of the known ones has signed. */
  async read(isStale = false): Promise<readonly KeyObject[]> {
    const nowMs = this.parts.now();
    const isOld = nowMs - this.readAtMs > keptForMs;
    if ((isOld || isStale) && nowMs - this.askedAtMs > (isOld && this.keys.length === 0 ? 1000 : askedAgainAfterMs)) {
      this.asking ??= this.ask().finally(() => {
        this.asking = null;
      });
    }
    await this.asking;
    if (this.keys.length === 0 || nowMs - this.readAtMs > keptForMs) throw new Error('the keys cannot be read');
    return this.keys;
  }

  private async ask(): Promise<void> {
    const { url, now, startDeadline } = this.parts;
    this.askedAtMs = now();
    const { origin, pathname, search } = new URL(url);
    const upstream = openUpstream(origin);
    const deadline = startDeadline(withinMs);
    const headers = { accept: 'application/json', 'user-agent': 'sluice' };
    const got = await upstream.call(
      { method: 'GET', path: `${pathname}${search}`, headers, body: null },
      deadline.signal,
    );
    deadline.clear();
    await upstream.close();
    const set = got.kind === 'answer' && got.status === 200 ? parseAs(jwks, got.text) : null;
    const keys = set?.keys.flatMap(keyOf) ?? [];
    if (keys.length === 0) return;
    this.keys = keys;
    this.readAtMs = now();
  }
}

function keyOf(jwk: unknown): KeyObject[] {
  try {
    const key = createPublicKey({ key: jwk as never, format: 'jwk' });
    return key.asymmetricKeyType === 'ed25519' ? [key] : [];
  } catch {
    return [];
  }
}
