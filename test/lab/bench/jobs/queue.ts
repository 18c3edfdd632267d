import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** FAL's queue with nothing behind it: takes every order at once, and whatever is asked for is being worked on. */
const server = createServer((request, response) => {
  request.resume();
  request.once('end', () => {
    const isOrder = request.method === 'POST';
    const body = isOrder ? { status: 'IN_QUEUE', request_id: randomUUID() } : { status: 'IN_PROGRESS', logs: [] };
    response.writeHead(isOrder ? 200 : 202, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(`LISTENING ${(server.address() as AddressInfo).port}`));
process.once('SIGTERM', () => process.exit(0));
