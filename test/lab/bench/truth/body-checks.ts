import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { type Answered, ask, headText, type Side, speak } from './ask';
import { packed, type Seen, sha256, type Vendor } from './vendor';

/** null: nothing is broken; else what is, in a few words, or in brackets what is only otherwise. */
export type Check = (side: Side, vendor: Vendor) => Promise<string | null>;

export const lastAt = ({ seen }: Vendor, path: string): Seen | undefined => seen.findLast(({ url }) => url === path);

const sizes = [0, 1, 1024, 65_536, 1_048_577, 16 * 1024 * 1024];

function difference(sent: Uint8Array, seen: Seen | undefined, answer: Answered): string | null {
  if (answer.status !== 200) return `${sent.length} B: answered ${answer.status}`;
  if (seen?.sha256 !== sha256(sent)) return `${sent.length} B: others came to the vendor`;
  return sha256(answer.body) === sha256(sent) ? null : `${sent.length} B: others came back`;
}

function pieces(bytes: Uint8Array): Readable {
  const each = 60_000;
  const all = Array.from({ length: Math.ceil(bytes.length / each) }, (_, i) =>
    bytes.subarray(i * each, (i + 1) * each),
  );
  return Readable.from(all, { objectMode: false });
}

const bytesBothWays =
  (isChunked: boolean): Check =>
  async (side, vendor) => {
    const faults: string[] = [];
    for (const size of sizes) {
      const bytes = randomBytes(size);
      const headers = { 'content-type': 'application/octet-stream' };
      const body = isChunked ? pieces(bytes) : bytes;
      const answer = await ask(side, '/v1/echo', { method: 'POST', headers, body });
      faults.push(...[difference(bytes, lastAt(vendor, '/v1/echo'), answer) ?? []].flat());
    }
    return faults.length === 0 ? null : `${faults.length} of ${sizes.length} sizes: ${faults.at(-1)}`;
  };

const stayPacked: Check = async (side) => {
  const answer = await ask(side, '/v1/packed', { headers: { 'accept-encoding': 'gzip' } });
  if (answer.headers['content-encoding'] !== 'gzip') return 'unpacked on the way';
  return Buffer.compare(answer.body, packed) === 0 ? null : 'other bytes';
};

const aForm: Check = async (side, vendor) => {
  const type = 'multipart/form-data; boundary=----a line of Our own--';
  const line = '------a line of Our own--';
  const body = `${line}\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n${line}--\r\n`;
  const answer = await ask(side, '/v1/echo', { method: 'POST', headers: { 'content-type': type }, body });
  const seen = lastAt(vendor, '/v1/echo');
  if (seen && seen.headers['content-type'] !== type) return `sent as ${seen.headers['content-type']?.slice(0, 40)}`;
  return difference(Buffer.from(body), seen, answer);
};

const aQuestionWithABody: Check = async (side) => {
  const answer = await ask(side, '/v1/things', {
    headers: { 'content-type': 'application/json' },
    body: '{"page":1}',
  });
  return answer.status === 200 ? null : `the body goes on: ${answer.status}`;
};

const aHead: Check = async (side) => {
  const { status, headers, body } = await ask(side, '/v1/head', { method: 'HEAD' });
  if (status !== 200 || body.length > 0) return `answered ${status}`;
  return headers['content-length'] === '12345' ? null : `content-length ${headers['content-length'] ?? 'is gone'}`;
};

const unchanged: Check = async (side) => {
  const { status, headers } = await ask(side, '/v1/unchanged', { headers: { 'if-none-match': '"one"' } });
  if (status !== 304) return `answered ${status}`;
  return headers.etag === '"one"' ? null : 'its etag is gone';
};

const waitsForLeave: Check = async (side, vendor) => {
  const head = headText(side, 'POST', '/v1/things', ['content-length: 5', 'expect: 100-continue']);
  const { text } = await speak(side.port, head, { heard: '100 Continue', say: 'hello' });
  if (!text.includes('100 Continue')) return 'no leave is given';
  const status = text.match(/HTTP\/1\.1 (?!100)\d+/)?.[0].slice(-3);
  if (status !== '200') return `answered ${status ?? 'nothing'}`;
  return lastAt(vendor, '/v1/things')?.bytes === 5 ? null : 'the body is lost';
};

export const bodyChecks: readonly (readonly [name: string, check: Check])[] = [
  ['0 B to 16 MB, there and back', bytesBothWays(false)],
  ['the same in chunks', bytesBothWays(true)],
  ['gzip stays as it is', stayPacked],
  ['a form keeps its boundary', aForm],
  ['GET with a body', aQuestionWithABody],
  ['HEAD keeps its length', aHead],
  ['304 keeps its etag', unchanged],
  ['Expect: 100-continue', waitsForLeave],
];
