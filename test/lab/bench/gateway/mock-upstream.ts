import { type AddressInfo, createServer, type Socket } from 'node:net';

/**
 * An upstream that answers at once, for every gateway under test alike: FAL's, Runware's and OpenAI's image calls, by
 * hand on raw sockets, so that it takes as little as possible of the machine that the gateways are measured on.
 */
const url = 'https://images.example.test/one/picture-of-the-bench.jpg';
const json = (body: object) => JSON.stringify(body);
const fal = json({
  images: [{ url, width: 1024, height: 1024, content_type: 'image/jpeg' }],
  timings: { inference: 0.1 },
  seed: 7,
  has_nsfw_concepts: [false],
  prompt: 'a lighthouse',
});
const openai = json({ created: 1_700_000_000, data: [{ url, revised_prompt: 'a lighthouse' }] });
const prices = json({
  prices: ['fal-ai/flux/schnell', 'fal-ai/flux/dev'].map((endpoint_id) => {
    return { endpoint_id, unit_price: 0.003, unit: 'megapixels', currency: 'USD' };
  }),
});
const balance = json({ data: [{ taskType: 'accountManagement', balance: 100 }] });
const picture = { taskType: 'imageInference', taskUUID: '', imageUUID: 'b', imageURL: url, cost: 0.0013 };

const ok = (body: string, more = '') =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${more}content-length: ${body.length}\r\n\r\n${body}`;
const answers: readonly (readonly [start: string, reply: string])[] = [
  ['POST /fal-ai/', ok(fal, 'x-fal-request-id: bench\r\nx-fal-billable-units: 1\r\n')],
  ['POST /v1/images', ok(openai)],
  ['GET /v1/models/pricing', ok(prices)],
];

function answer(request: string): string {
  for (const [start, reply] of answers) if (request.startsWith(start)) return reply;
  const taskUUID = /"taskUUID":"([^"]+)"/.exec(request)?.[1] ?? '';
  return request.includes('accountManagement') ? ok(balance) : ok(json({ data: [{ ...picture, taskUUID }] }));
}

/** Cuts the stream into requests by Content-Length, and answers each. */
function serve(socket: Socket): void {
  let waiting = '';
  socket.setNoDelay(true).setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    waiting += chunk;
    for (;;) {
      const head = waiting.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(waiting.slice(0, head))?.[1] ?? 0);
      const end = head + 4 + length;
      if (waiting.length < end) return;
      socket.write(answer(waiting.slice(0, end)), 'latin1');
      waiting = waiting.slice(end);
    }
  });
}

const server = createServer(serve);
server.listen(0, '127.0.0.1', () => console.log(`LISTENING ${(server.address() as AddressInfo).port}`));
process.stdin.resume().once('end', () => process.exit(0));
