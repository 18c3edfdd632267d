import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { Attempt } from '../diagnosis';

type Handshake = Attempt & { readonly daysLeft?: number };

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
    socket.once('secureConnect', () => end({ ok: true, daysLeft: daysLeft(socket, nowMs) }));
    socket.once('error', (error: NodeJS.ErrnoException) => end({ ok: false, error: sentenceOf(error) }));
  });
}

function daysLeft(socket: TLSSocket, nowMs: number): number {
  return Math.floor((Date.parse(socket.getPeerCertificate().valid_to) - nowMs) / 86_400_000);
}

function sentenceOf(error: NodeJS.ErrnoException): string {
  const code = error.code ?? 'TLS';
  if (code === 'CERT_HAS_EXPIRED') return 'its certificate has expired, or the clock here is wrong';
  if (/SELF_SIGNED|UNABLE_TO/.test(code)) return `its certificate is not trusted here (${code})`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'its certificate is for another name';
  if (code === 'ECONNRESET') return 'the connection was reset during the TLS handshake';
  return `${code}: ${error.message}`.slice(0, 160);
}
