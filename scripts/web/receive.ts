import type { IncomingMessage } from 'node:http';
import { refuseLength, tooLarge } from '@/lib/http/read-body';

/** Reads a body up to its limit. One that is larger is refused at the byte that makes it so. */
export function receive(request: IncomingMessage, limitBytes: number): Promise<Uint8Array | null> {
  return new Promise((resolve, reject) => {
    refuseLength(request.headers['content-length'] ?? null, limitBytes);
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitBytes) {
        request.removeAllListeners('data');
        request.pause();
        reject(tooLarge(limitBytes));
        return;
      }
      chunks.push(chunk);
    });
    request.once('end', () =>
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : size === 0 ? null : Buffer.concat(chunks, size)),
    );
    request.once('error', reject);
  });
}
