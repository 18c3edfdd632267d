import { bareHost } from '@/lib/kernel/private-address';
import type { Handshake, NetworkInstruments, RelayLine, RelayUnderTest, Step } from './relay-under-test';

export interface Place {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly shown: string;
}

const soonDays = 14;

/** An origin and nothing more: a slash or a path at its end would stand twice in every path that is sent. */
export function addressOf({ provider, baseUrl }: Pick<RelayUnderTest, 'provider' | 'baseUrl'>): {
  readonly place: Place | null;
  readonly line: RelayLine;
} {
  const set = `sluice providers set ${provider} --base-url`;
  const fail = (what: string, fix: string) => ({
    place: null,
    line: { step: 'address', status: 'fail', what, fix } as const,
  });
  if (baseUrl === null) return fail('it has no base URL', `${set} https://HOST`);
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    return fail(`"${baseUrl}" is no web address`, `${set} https://HOST`);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    const path = url.pathname.replace(/\/+$/, '');
    const prefix = path === '' ? '' : ` --options '{…, "path_prefix": "${path}"}'`;
    return fail(`"${baseUrl}" is more than an origin`, `${set} ${url.origin}${prefix}`);
  }
  if (baseUrl.endsWith('/')) return fail(`"${baseUrl}" ends in a slash`, `${set} ${url.origin}`);
  const isTls = url.protocol === 'https:';
  const port = Number(url.port || (isTls ? 443 : 80));
  const place = { host: bareHost(url.hostname), port, isTls, shown: url.host };
  return { place, line: { step: 'address', status: 'ok', what: `${url.origin} is an origin`, fix: null } };
}

/** Name, port and certificate; what is behind a closed one is left. */
export async function checkWay(
  place: Place,
  instruments: NetworkInstruments,
  signal: AbortSignal,
): Promise<{ readonly lines: readonly RelayLine[]; readonly isOpen: boolean; readonly left: readonly Step[] }> {
  const { host, port, isTls, shown } = place;
  const name = await instruments.resolve(host, signal);
  const dns: RelayLine = name.ok
    ? { step: 'dns', status: 'ok', what: `${host} resolves`, fix: null }
    : { step: 'dns', status: 'fail', what: `${host} does not resolve (${name.error})`, fix: fixOfName };
  if (!name.ok) return { lines: [dns], isOpen: false, left: ['tcp', 'tls', 'key', 'clock'] };
  const door = await instruments.connect(host, port, signal);
  const tcp: RelayLine = door.ok
    ? { step: 'tcp', status: 'ok', what: `${shown} accepts connections`, fix: null }
    : { step: 'tcp', status: 'fail', what: `${shown} does not accept the connection (${door.error})`, fix: fixOfPort };
  if (!door.ok) return { lines: [dns, tcp], isOpen: false, left: ['tls', 'key', 'clock'] };
  if (!isTls) {
    const what = 'plain http: whoever is in between reads the key';
    return { lines: [dns, tcp, { step: 'tls', status: 'skipped', what, fix: null }], isOpen: true, left: [] };
  }
  const shaken = await instruments.handshake(host, port, signal);
  return { lines: [dns, tcp, tlsLine(shown, shaken)], isOpen: shaken.ok, left: ['key', 'clock'] };
}

function tlsLine(shown: string, shaken: Handshake): RelayLine {
  if (!shaken.ok) return { step: 'tls', status: 'fail', what: `${shown}: ${shaken.error}`, fix: fixOfTls };
  const { daysLeft = soonDays, chain = [] } = shaken;
  const by = chain.length > 1 ? `, by ${chain.slice(1).join(', by ')}` : '';
  const what = `the certificate of ${chain[0] ?? shown} ends in ${daysLeft} days${by}`;
  if (daysLeft >= soonDays) return { step: 'tls', status: 'ok', what, fix: null };
  const fix = `tell whoever runs ${shown} to renew it; until then be ready to move: sluice rollback`;
  return { step: 'tls', status: 'warn', what, fix };
}

const fixOfName = "see that the base URL is spelt as in the provider's documents, and /etc/resolv.conf here";
const fixOfPort = 'see what stands between: a firewall, a proxy, a port that is wrong; try from another network';
const fixOfTls =
  'see what the port is for, and what stands between: a proxy that reads along, the MTU, the clock here, the certificate authorities';
