import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Takes an upload more slowly than it is sent, and says how much came; `/v1/echo` gives it back. */
const [restMs = '8'] = process.argv.slice(2);

const server = createServer((request, response) => {
  let bytes = 0;
  const hash = request.url === '/v1/echo' ? createHash('sha256') : null;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (hash) {
      hash.update(chunk);
      if (response.write(chunk)) return;
      request.pause();
      response.once('drain', () => request.resume());
      return;
    }
    request.pause();
    setTimeout(() => request.resume(), Number(restMs));
  });
  request.on('error', () => undefined);
  request.once('end', () => {
    if (!hash) return void response.end(JSON.stringify({ bytes }));
    console.log(`ECHOED ${bytes} ${hash.digest('hex')}`);
    response.end();
  });
});
server.listen(0, '127.0.0.1', () => console.log(`LISTENING ${(server.address() as AddressInfo).port}`));
process.stdin.resume().once('end', () => process.exit(0));
