'use client';

import { useState } from 'react';

interface Draft<Name extends string> {
  readonly texts: Readonly<Record<Name, string>>;
  /** What the server said when each text was last its own. */
  readonly from: Readonly<Record<Name, string>>;
}

/** A field that says what the server said follows it; one that somebody has written into keeps what was written. */
export function followed<Name extends string>(draft: Draft<Name>, server: Draft<Name>['from']): Draft<Name> {
  const texts: Record<Name, string> = { ...draft.texts };
  const from: Record<Name, string> = { ...draft.from };
  let isMoved = false;
  for (const name of Object.keys(server) as Name[]) {
    const now = server[name];
    if (now === from[name] || (texts[name] !== from[name] && texts[name] !== now)) continue;
    texts[name] = now;
    from[name] = now;
    isMoved = true;
  }
  return isMoved ? { texts, from } : draft;
}

/** Fields beside a server that others write to as well; `meanwhile` are those they changed under what is written here. */
export function useDraft<Name extends string>(server: Draft<Name>['from']) {
  const [draft, setDraft] = useState<Draft<Name>>({ texts: server, from: server });
  const current = followed(draft, server);
  if (current !== draft) setDraft(current);
  const meanwhile = (Object.keys(server) as Name[]).filter((name) => current.from[name] !== server[name]);
  const setTexts = (texts: Draft<Name>['texts']) => setDraft((now) => ({ ...now, texts }));
  return { ...current, setTexts, meanwhile };
}
