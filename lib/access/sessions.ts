import { Refusal, says } from '@/lib/kernel/refusal';
import type { OpenedSession } from './identity';
import type { SessionStore } from './session-store';

export async function endSession(sessions: SessionStore, id: number, by: string): Promise<void> {
  if (await sessions.end(id, by)) return;
  throw new Refusal('no-such-session', `There is no open session ${id}.`, says('no-such-session', { id }));
}

/** The wire form; nothing in it could be used as a cookie. */
export function shownSession({ id, who, way, openedAtMs, lastSeenAtMs, expiresAtMs }: OpenedSession) {
  const iso = (instantMs: number) => new Date(instantMs).toISOString();
  return {
    id,
    operator: who.name,
    role: who.role,
    way,
    opened_at: iso(openedAtMs),
    last_seen_at: iso(lastSeenAtMs),
    expires_at: iso(expiresAtMs),
  };
}
