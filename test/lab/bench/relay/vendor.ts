import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A vendor that answers at once, by hand on raw sockets: 2 KB of JSON to a POST, 16 MB to a GET. */
const small = JSON.stringify({ id: 'task-of-the-bench', said: 'x'.repeat(2000) });
const head = (length: number) =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
const large = Buffer.concat([Buffer.from(head(16 * 1024 * 1024)), Buffer.alloc(16 * 1024 * 1024, 'x')]);
const reply = Buffer.from(head(small.length) + small);
/** A job has an id of its own. */
let jobs = 0;
function job(): string {
  jobs += 1;
  const body = small.replace('task-of-the-bench', `task-${jobs}`);
  return head(body.length) + body;
}
const running = JSON.stringify({ id: 'task', status: 'RUNNING' });

function answerTo(said: string): string | Buffer {
  if (said.startsWith('GET /large')) return large;
  if (said.startsWith('POST /v1/text_to_video')) return job();
  return said.startsWith('GET /v1/tasks/') ? head(running.length) + running : reply;
}

function serve(socket: Socket): void {
  let waiting = '';
  socket.setNoDelay(true).setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    waiting += chunk;
    for (;;) {
      const end = waiting.indexOf('\r\n\r\n');
      if (end < 0) return;
      const said = waiting.slice(0, end);
      const isChunked = /\r\ntransfer-encoding: *chunked/i.test(said);
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(said)?.[1] ?? 0);
      const last = isChunked ? waiting.indexOf('0\r\n\r\n', end + 4) + 5 : end + 4 + length;
      if ((isChunked && last < end) || waiting.length < last) return;
      socket.write(answerTo(said));
      waiting = waiting.slice(last);
    }
  });
}

const server = createServer(serve);
server.listen(0, '127.0.0.1', () => console.log(`LISTENING ${(server.address() as AddressInfo).port}`));
process.stdin.resume().once('end', () => process.exit(0));
