import type { CallerView } from '@/app/_queries/registry/callers';
import { outlived } from './outlived';

type Texts = Readonly<Record<'scopes' | 'rate', string>>;
type Limits = Pick<CallerView, 'scopes' | 'prefixes' | 'models' | 'quota'>;

export const scopesIn = (text: string): readonly string[] => text.split(' ').filter((scope) => scope !== '');

/** Only what is written otherwise than it was begun with: the rest is for others to change meanwhile. */
export function changedRights(caller: Limits, texts: Texts, from: Texts) {
  const scopes = scopesIn(texts.scopes);
  return {
    ...(texts.scopes === from.scopes ? {} : { scopes, ...outlived(caller, scopes) }),
    ...(texts.rate === from.rate ? {} : { rate_per_minute: texts.rate === '' ? null : Number(texts.rate) }),
  };
}
