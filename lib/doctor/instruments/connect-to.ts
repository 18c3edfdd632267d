import { connect as open } from 'node:net';
import type { Attempt } from '../attempt';

/** Opens a connection and closes it; nothing is sent. */
export function connectTo(host: string, port: number, signal: AbortSignal): Promise<Attempt> {
  return new Promise((done) => {
    const socket = open({ host, port });
    const end = (result: Attempt) => {
      signal.removeEventListener('abort', late);
      socket.destroy();
      done(result);
    };
    const late = () => end({ ok: false, error: 'no answer in time' });
    signal.addEventListener('abort', late, { once: true });
    if (signal.aborted) late();
    socket.once('connect', () => end({ ok: true }));
    socket.once('error', (error: NodeJS.ErrnoException) => end({ ok: false, error: error.code ?? error.message }));
  });
}
