import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A vendor without a memory: an id says when its job ends, `<milliseconds since 1970>-<anything>`. */
const server = createServer((request, response) => {
  const ids = (request.url ?? '').slice('/jobs?ids='.length).split(',');
  const now = Date.now();
  const said = ids.map((id) => (Number(id.slice(0, id.indexOf('-'))) <= now ? 'done' : 'running'));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(`LISTENING ${(server.address() as AddressInfo).port}`));
process.once('SIGTERM', () => process.exit(0));
