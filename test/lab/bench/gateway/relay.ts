import { type AddressInfo, connect, createServer } from 'node:net';

/**
 * Passes bytes on to a port and back, and reads none of them: the least that any Node process in the way can add. What
 * is above it is what a gateway does; what is below it nobody can save.
 */
const port = Number(process.argv[2]);

const server = createServer((caller) => {
  const upstream = connect({ port, host: '127.0.0.1', noDelay: true });
  caller.setNoDelay(true);
  caller.pipe(upstream).pipe(caller);
  caller.on('error', () => upstream.destroy());
  upstream.on('error', () => caller.destroy());
});
server.listen(0, '127.0.0.1', () => console.log(`LISTENING ${(server.address() as AddressInfo).port}`));
process.stdin.resume().once('end', () => process.exit(0));
