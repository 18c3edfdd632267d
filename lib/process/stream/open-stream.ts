import { createHash } from 'node:crypto';
import { type Authenticator, guard, whoCalls } from '@/lib/access/guard';
import type { Actor } from '@/lib/access/identity';
import { sessionCookie } from '@/lib/access/session-cookie';
import { unattended } from '@/lib/access/unattended';
import type { Feed } from '@/lib/control/snapshot/snapshot-feed';
import { asProblem } from '@/lib/http/as-problem';
import type { WrongCredentials } from '@/lib/http/defence/wrong-credentials';
import type { Head, Outgoing } from '@/lib/http/message';
import { noStream, snapshotStream } from './snapshot-stream';
import type { StreamSeats } from './stream-seats';

interface StreamParts {
  /** Asked for once it is known who watches. */
  readonly feed: () => Promise<Feed>;
  readonly seats: StreamSeats;
  readonly authenticators: readonly Authenticator[];
  readonly wrong: WrongCredentials;
}

/**
 * The stream for an operator, for as long as their session lasts. Pages open it by themselves, again and again, so that
 * it does not count as use of the session.
 */
export async function openStream(head: Head, parts: StreamParts): Promise<Outgoing> {
  const actor = await guard(unattended(head), 'viewer', parts.authenticators, parts.wrong);
  if (head.method === 'HEAD') return noStream;
  const feed = await parts.feed();
  const credential = head.header('authorization') ?? sessionCookie(head) ?? '';
  const left = parts.seats.take(createHash('sha256').update(credential).digest('hex'), actor.name);
  // Only the headers are kept: Next has finished with the request itself.
  const headers = new Map(
    ['authorization', 'cookie', 'host', 'x-forwarded-proto'].map((name) => [name, head.header(name)]),
  );
  const again = unattended({ ...head, header: (name) => headers.get(name) ?? null });
  return snapshotStream(feed, { actor, left, askAgain: () => whoIsIt(again, parts.authenticators) });
}

/** Rejects only while it cannot be known. */
async function whoIsIt(head: Head, authenticators: readonly Authenticator[]): Promise<Actor | null> {
  return whoCalls(head, authenticators).catch((error: unknown) => {
    const problem = asProblem(error);
    if (problem === null || problem.status >= 500) throw error;
    return null;
  });
}
