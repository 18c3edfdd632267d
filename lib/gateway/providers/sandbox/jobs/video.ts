/** A video of one colour that any player shows: a single H.264 picture, held for as long as it lasts. */
interface Video {
  readonly provider: string;
  readonly seconds: number;
  readonly seed: number;
}

const side = 16;
const ticks = 1000;

export function videoUrl(origin: string, { provider, seconds, seed }: Video): string {
  return `${origin}/images/${provider}-${seed}.mp4?seconds=${seconds}`;
}

/** null when the URL is not one of ours. */
export function readVideoUrl(url: URL): Video | null {
  const [, provider, seed] = /^\/images\/([a-z]+)-(\d+)\.mp4$/.exec(url.pathname) ?? [];
  if (!provider || !seed) return null;
  const seconds = Number(url.searchParams.get('seconds'));
  return { provider, seed: Number(seed), seconds: seconds > 0 && seconds <= 600 ? seconds : 5 };
}

export function makeVideo({ seconds, seed }: Video): Buffer {
  const picture = pictureOf(seed);
  const head = box('ftyp', text('isom'), u32(512), text('isomiso2avc1mp41'));
  const before = head.length + movie(seconds, picture.length, 0).length + 8;
  return Buffer.concat([head, movie(seconds, picture.length, before), box('mdat', picture)]);
}

function movie(seconds: number, bytes: number, at: number): Buffer {
  const lasts = u32(Math.round(seconds * ticks));
  const times = [u32(0), u32(0)];
  const header = full(
    'mvhd',
    0,
    ...times,
    u32(ticks),
    lasts,
    u32(0x10000),
    u16(0x100),
    zeros(10),
    matrix,
    zeros(24),
    u32(2),
  );
  const track = full('tkhd', 3, ...times, u32(1), u32(0), lasts, zeros(16), matrix, u32(side << 16), u32(side << 16));
  const media = full('mdhd', 0, ...times, u32(ticks), lasts, u16(0x55c4), u16(0));
  const handler = full('hdlr', 0, u32(0), text('vide'), zeros(12), text('video\0'));
  const place = box('dinf', full('dref', 0, u32(1), full('url ', 1)));
  const info = box('minf', full('vmhd', 1, zeros(8)), place, samples(lasts, bytes, at));
  return box('moov', header, box('trak', track, box('mdia', media, handler, info)));
}

/** One sample in one chunk. */
function samples(lasts: Buffer, bytes: number, at: number): Buffer {
  return box(
    'stbl',
    full('stsd', 0, u32(1), sampleEntry()),
    full('stts', 0, u32(1), u32(1), lasts),
    full('stsc', 0, u32(1), u32(1), u32(1), u32(1)),
    full('stsz', 0, u32(0), u32(1), u32(bytes)),
    full('stco', 0, u32(1), u32(at)),
  );
}

/** Baseline profile, 16 × 16, one picture that refers to none. */
const sequence = Buffer.from('6742000afb88', 'hex');
const pictureSet = Buffer.from('68ce3880', 'hex');

function sampleEntry(): Buffer {
  const sets = [Buffer.of(1, 0x42, 0, 0x0a, 0xff, 0xe1), u16(sequence.length), sequence];
  const config = box('avcC', ...sets, Buffer.of(1), u16(pictureSet.length), pictureSet);
  const shape = [zeros(6), u16(1), zeros(16), u16(side), u16(side), u32(0x480000), u32(0x480000), u32(0), u16(1)];
  return box('avc1', ...shape, zeros(32), u16(0x18), u16(0xffff), config);
}

/** The bytes of the one block as they are, without compression; none is 0, so that none looks like the start of a unit. */
function pictureOf(seed: number): Buffer {
  const start = Buffer.from('6588840868', 'hex');
  const level = (of: number) => 16 + ((seed >>> of) % 200);
  const block = [Buffer.alloc(256, level(0)), Buffer.alloc(64, level(5)), Buffer.alloc(64, level(9))];
  const unit = Buffer.concat([start, ...block, Buffer.of(0x80)]);
  return Buffer.concat([u32(unit.length), unit]);
}

const text = (words: string) => Buffer.from(words, 'latin1');
const zeros = (count: number) => Buffer.alloc(count);

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function box(name: string, ...inside: readonly Buffer[]): Buffer {
  const length = inside.reduce((sum, { length: bytes }) => sum + bytes, 8);
  return Buffer.concat([u32(length), text(name), ...inside]);
}

const full = (name: string, flags: number, ...inside: readonly Buffer[]) => box(name, u32(flags), ...inside);

const matrix = Buffer.concat([0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].map(u32));
