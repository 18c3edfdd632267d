import type { RelayLine, RelayProbe, RelayUnderTest } from './relay-under-test';
import type { Place } from './way-to-relay';

const store = (provider: string) =>
  `make a new key in the provider's console and store it: sluice keys set ${provider}; roll back meanwhile if it is the candidate`;

/** Whether the key is let in, as far as a question that costs nothing can tell. */
export function checkKey(relay: RelayUnderTest, { error, seen }: RelayProbe, { shown }: Place): RelayLine {
  const line = (status: RelayLine['status'], what: string, fix: string | null = null): RelayLine => ({
    ...{ step: 'key', status, what, fix },
  });
  const { provider, dialect, scheme, keyFrom } = relay;
  if (seen === null)
    return line('fail', `${shown} gives no answer: ${error ?? 'it broke off'}`, "see the provider's status page");
  const { key, asked, status, location } = seen;
  const from = keyFrom === null ? '' : ` (${keyFrom})`;
  if (key === 'refused')
    return line('fail', `${asked} was answered ${status}: the key is refused${from}`, store(provider));
  if (status >= 300 && status < 400) {
    const to = location === null ? 'elsewhere' : `to ${location.slice(0, 200)}`;
    const fix = `redirects are never followed: write the address it leads to as the base URL of ${provider}`;
    return line('fail', `${asked} is sent ${to} (${status})`, fix);
  }
  if (key === 'page')
    return line('fail', `${asked} was answered ${status} with a web page: no API is there`, fixOfPath);
  if (key === 'taken') return line('ok', `${asked} was answered ${status}: the key is taken${from}`);
  if (key === 'unasked') return scheme === 'none' ? line('ok', 'it takes no key') : unasked(dialect, from, line);
  return line(
    'warn',
    `${asked} was answered ${status}, which does not say whether the key is good${from}`,
    fixOf(seen),
  );
}

const fixOfPath =
  'compare base URL and path_prefix with its documents: a doubled or missing part is 404, or the page of its website';

type Line = (status: RelayLine['status'], what: string, fix?: string | null) => RelayLine;

function unasked(dialect: string, from: string, line: Line): RelayLine {
  const what = `somebody answers; the dialect ${dialect} has no question that costs nothing, so the next request tells whether the key is good${from}`;
  return line('ok', what);
}

function fixOf({ status }: { readonly status: number }): string {
  if (status === 403) return "the account may not ask that: see its rights and its state in the provider's console";
  if (status === 404) return `${fixOfPath}; an aggregator may not know the question`;
  if (status >= 500) return "see the provider's status page";
  return 'send one request of your own and look at its answer';
}
