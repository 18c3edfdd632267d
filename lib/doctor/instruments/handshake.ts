import { isIP } from 'node:net';
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import type { Handshake } from '../relays/relay-under-test';

/** Connects, shakes hands and checks the certificate; sends nothing more. */
export function handshake(host: string, port: number, signal: AbortSignal, nowMs: number): Promise<Handshake> {
  return new Promise((done) => {
    let connected = false;
    const socket = connect({ host, port, ...(isIP(host) ? {} : { servername: host }) });
    const end = (result: Handshake) => {
      signal.removeEventListener('abort', late);
      socket.destroy();
      done(result);
    };
    const late = () =>
      end({
        ok: false,
        error: connected ? 'connects, but the TLS handshake never ends' : 'does not accept the connection',
      });
    signal.addEventListener('abort', late, { once: true });
    socket.once('connect', () => {
      connected = true;
    });
    socket.once('secureConnect', () => {
      const chain = chainOf(socket);
      const daysLeft = Math.min(...chain.map(({ valid_to: until }) => daysTo(until, nowMs)));
      end({ ok: true, daysLeft, chain: chain.map(nameOf) });
    });
    socket.once('error', (error: NodeJS.ErrnoException) => end({ ok: false, error: sentenceOf(error) }));
  });
}

const daysTo = (until: string, nowMs: number) => Math.floor((Date.parse(until) - nowMs) / 86_400_000);

const nameOf = ({ subject }: DetailedPeerCertificate) => [subject?.CN ?? subject?.O ?? 'nobody'].flat().join(' ');

/** As it was checked here; an authority stands at its end and vouches for itself. */
function chainOf(socket: TLSSocket): readonly DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (next?.valid_to !== undefined && !chain.includes(next)) {
    chain.push(next);
    next = next.issuerCertificate;
  }
  return chain;
}

function sentenceOf(error: NodeJS.ErrnoException): string {
  const code = error.code ?? 'TLS';
  if (code === 'CERT_HAS_EXPIRED') return 'its certificate has expired, or the clock here is wrong';
  if (/SELF_SIGNED|UNABLE_TO/.test(code)) return `its certificate is not trusted here (${code})`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'its certificate is for another name';
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/.test(code)) return `it speaks no TLS there (${code})`;
  if (code === 'ECONNRESET') return 'the connection was reset during the TLS handshake';
  return `${code}: ${error.message}`.slice(0, 160);
}
