import type { Log } from '@/lib/config/log';
import type { Arriving, Outgoing } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { notFound, refusal } from '@/lib/http/respond';
import { within } from '@/lib/kernel/within';
import type { Prefixes } from '@/lib/relay/find-prefix';
import { writeRefusal } from '@/lib/relay/refusal';

/** A process that has just been started may not know yet which relays there are. */
const knownWithinMs = 3000;

interface Parts {
  readonly prefixes: Prefixes;
  readonly log: Log;
  /** The registry's first reading, and whatever must be read anew. */
  readonly known: () => Promise<unknown>;
}

/** What answers a path that is nothing's of Next's: a relay is said to be one, in its dialect's words, and not served. */
export function withoutFront({ prefixes, log, known }: Parts): (arriving: Arriving) => Promise<Outgoing> {
  return async ({ path, requestId }) => {
    // Whoever cannot be asked within that leaves what was known last.
    await within(knownWithinMs, known()).catch(() => undefined);
    const found = prefixes.find(path);
    if (found === undefined) throw notFound(path);
    const { prefix, split, dialect } = found;
    const detail =
      `${prefix} is the relay '${split.slug}', and nothing was sent to a provider: this process is plain Next (next start, ` +
      'or a serverless function), and relays are streamed by the front alone. Start Sluice by npm start, and send relays there.';
    const headers = { 'x-sluice-split': split.slug, 'x-sluice-fault': 'prefix', 'x-should-retry': 'false' };
    const problem = new Problem(501, 'relay-needs-front', detail, { headers });
    return refusal(problem, { requestId, path: prefix }, log, writeRefusal(dialect, path));
  };
}
