import type { IncomingMessage } from 'node:http';
import { refuseLength, tooLarge, tooSlow } from '@/lib/http/body/read-body';

/** Reads a body up to its limit and within one deadline. One that is larger is refused at the byte that makes it so. */
export function receive(request: IncomingMessage, limitBytes: number, withinMs: number): Promise<Uint8Array | null> {
  return new Promise((resolve, reject) => {
    refuseLength(request.headers['content-length'] ?? null, limitBytes);
    let chunks: Buffer[] = [];
    let size = 0;
    const refuse = (problem: Error) => {
      clearTimeout(timer);
      request.removeAllListeners('data');
      request.pause();
      chunks = [];
      reject(problem);
    };
    const timer = setTimeout(() => refuse(tooSlow(withinMs)), withinMs);
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitBytes) return refuse(tooLarge(limitBytes));
      chunks.push(chunk);
    });
    request.once('end', () => {
      clearTimeout(timer);
      resolve(chunks.length === 1 ? (chunks[0] as Buffer) : size === 0 ? null : Buffer.concat(chunks, size));
    });
    request.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}
