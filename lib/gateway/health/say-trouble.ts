import type { Log } from '@/lib/config/log';
import type { DataPlane } from '../request/data-plane';
import { deadKeys } from './dead-keys';
import { ownTrouble } from './own-trouble';

interface Trouble {
  readonly kind: string;
  readonly provider: string;
  readonly detail: string;
  readonly of?: string;
}

type Told = Pick<DataPlane, 'lanes' | 'clock'>;

/** Each trouble of our own, and each key that is refused, when it begins and when it is over. */
export function troubleSayer({ lanes, clock }: Told, log: Pick<Log, 'warn' | 'info'>): () => void {
  let before = new Map<string, Trouble>();
  return () => {
    const found: readonly Trouble[] = [...ownTrouble(lanes, clock.monotonic()), ...deadKeys(lanes)];
    const now = new Map(found.map((trouble) => [`${trouble.kind} ${trouble.provider} ${trouble.of ?? ''}`, trouble]));
    for (const [name, { kind, provider, detail }] of now) if (!before.has(name)) log.warn({ kind, provider }, detail);
    for (const [name, { kind, provider }] of before) if (!now.has(name)) log.info({ kind, provider }, 'over');
    before = now;
  };
}
