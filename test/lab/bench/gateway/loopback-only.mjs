import { Server } from 'node:net';

// Loaded before a peer that would listen on every address: it listens on loopback, on a port of ours to find.
const listen = Server.prototype.listen;
Server.prototype.listen = function onLoopback(port, ...rest) {
  this.once('listening', () => console.log(`LISTENING ${this.address().port}`));
  if (typeof port !== 'number') return listen.call(this, port, ...rest);
  return listen.call(this, { port, host: '127.0.0.1' }, ...rest.filter((each) => typeof each === 'function'));
};
