import { lookup } from 'node:dns';
import { checkedLookup, PrivateAddress } from '@/lib/kernel/checked-lookup';
import { literalAddress } from '@/lib/kernel/private-address';

export const largestInputBytes = 20 * 1024 * 1024;
const longestUrl = 4096;
const largestSide = 16_384;
const mostPixels = 64 * 1024 * 1024;

const dataUri = /^data:image\/(png|jpeg|webp|gif);base64,/;

/** Why a text is no image that may be sent on: by its address, or by its first bytes. Null when it is one. */
export function inputImageFault(image: unknown): string | null {
  if (typeof image !== 'string' || image === '') return 'must be an image: an https URL, or data:image/png;base64,…';
  return image.startsWith('data:') ? dataFault(image) : urlFault(image);
}

function urlFault(text: string): string | null {
  if (text.length > longestUrl) return `is a URL of ${text.length} characters; it must be at most ${longestUrl}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.protocol !== 'https:') return 'must be an https URL, or data:image/png;base64,…';
  if (url.username !== '' || url.password !== '') return 'is a URL with credentials in it; take them out';
  const literal = literalAddress(url.hostname);
  const isInside =
    (literal && !literal.isPublic) || /^(?:localhost|.*\.(?:localhost|local|internal))\.?$/i.test(url.hostname);
  return isInside ? 'is at an address that is not public, where no provider can fetch it' : null;
}

const lookUpWithinMs = 1000;

/**
 * Why an address is not passed on; null when it may be. A name that resolves into a private network would have a
 * provider in the same network read for the caller; one that does not resolve here is the provider's to judge.
 */
export function inputAddressFault(url: string): Promise<string | null> {
  return new Promise((done) => {
    const timer = setTimeout(() => done(null), lookUpWithinMs);
    checkedLookup(false, lookup)(new URL(url).hostname, { all: true }, (error) => {
      clearTimeout(timer);
      done(error instanceof PrivateAddress ? 'is at an address that is not public' : null);
    });
  });
}

function dataFault(text: string): string | null {
  const [start, kind] = dataUri.exec(text) ?? [];
  if (start === undefined) return 'must be data:image/png;base64,… (png, jpeg, webp or gif)';
  const bytes = Math.floor(((text.length - start.length) * 3) / 4);
  if (bytes > largestInputBytes) return `holds ${bytes} bytes; it must be at most ${largestInputBytes}`;
  if (!isBase64(text, start.length)) return 'is not base64';
  const head = Buffer.from(text.slice(start.length, start.length + 65_536), 'base64');
  const seen = kindOf(head);
  if (seen === null) return 'is no image: its first bytes are not those of a png, jpeg, webp or gif';
  if (seen !== kind) return `says image/${kind}, and its bytes are image/${seen}`;
  const sides = sidesOf(head, seen);
  if (sides && (Math.max(...sides) > largestSide || sides[0] * sides[1] > mostPixels)) {
    return `is ${sides[0]}x${sides[1]} pixels; at most ${largestSide} a side and ${mostPixels} in all are sent on`;
  }
  return null;
}

/** In pieces: one expression over megabytes would hold all other requests up. */
export function isBase64(text: string, from = 0): boolean {
  for (let at = from; at < text.length; at += piece) {
    const isLast = at + piece >= text.length;
    if (!(isLast ? /^[A-Za-z0-9+/]+={0,2}$/ : /^[A-Za-z0-9+/]+$/).test(text.slice(at, at + piece))) return false;
  }
  return text.length > from && (text.length - from) % 4 === 0;
}

const piece = 65_536;

type ImageKind = 'png' | 'jpeg' | 'webp' | 'gif';

export function kindOf(head: Uint8Array): ImageKind | null {
  const text = Buffer.from(head.subarray(0, 16)).toString('latin1');
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (text.startsWith('GIF8')) return 'gif';
  return text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP' ? 'webp' : null;
}

/** As its header says; null: it does not say it there. */
function sidesOf(head: Buffer, kind: ImageKind): readonly [number, number] | null {
  if (kind === 'png') return head.length < 24 ? null : [head.readUInt32BE(16), head.readUInt32BE(20)];
  if (kind === 'gif') return head.length < 10 ? null : [head.readUInt16LE(6), head.readUInt16LE(8)];
  return kind === 'webp' ? webpSides(head) : jpegSides(head);
}

function webpSides(head: Buffer): readonly [number, number] | null {
  if (head.length < 30) return null;
  const chunk = head.toString('latin1', 12, 16);
  if (chunk === 'VP8X') return [head.readUIntLE(24, 3) + 1, head.readUIntLE(27, 3) + 1];
  if (chunk === 'VP8 ') return [head.readUInt16LE(26) & 0x3fff, head.readUInt16LE(28) & 0x3fff];
  if (chunk !== 'VP8L') return null;
  const bits = head.readUInt32LE(21);
  return [(bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1];
}

/** The first frame header; what stands before it is skipped by its length. */
function jpegSides(head: Buffer): readonly [number, number] | null {
  let at = 2;
  while (at + 9 < head.length) {
    if (head[at] !== 0xff) return null;
    const marker = head[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return [head.readUInt16BE(at + 7), head.readUInt16BE(at + 5)];
    at += 2 + head.readUInt16BE(at + 2);
  }
  return null;
}
