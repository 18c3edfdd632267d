import type { Arriving, Outgoing } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { notFound } from '@/lib/http/respond';
import type { Prefixes } from '@/lib/relay/find-prefix';
import { writeRefusal } from '@/lib/relay/refusal';

interface Parts {
  readonly prefixes: Prefixes;
  /** The registry's first reading, and whatever must be read anew, for so long as they are waited for. */
  readonly known: () => Promise<unknown>;
}

/** What answers a path that is nothing's of Next's: a relay is said to be one, in its dialect's words, and not served. */
export function withoutFront({ prefixes, known }: Parts): (arriving: Arriving) => Promise<Outgoing> {
  return async ({ path, requestId }) => {
    await known();
    const found = prefixes.find(path);
    if (found === undefined) throw notFound(path);
    const { prefix, split, dialect } = found;
    const detail =
      `${prefix} is the relay '${split.slug}', and nothing was sent to a provider: this process is plain Next (next start, ` +
      'or a serverless function), and relays are streamed by the front alone. Start Sluice by npm start, and send relays there.';
    const headers = { 'x-sluice-split': split.slug, 'x-sluice-fault': 'prefix', 'x-should-retry': 'false' };
    const problem = new Problem(501, 'relay-needs-front', detail, { headers });
    // Not as a failure of ours, which each is a line of the log: anybody can ask for this, as often as they like.
    return writeRefusal(dialect, path)(problem, requestId);
  };
}
