/** Bytes that are turned into text at once: a multiple of three, so that only the last piece is padded. */
const pieceBytes = 48 * 1024;

/**
 * OpenAI's answer with the images' bytes, as bytes itself: as text, twenty megabytes an image would stand on the heap
 * several times over.
 */
export function base64Body(created: number, images: readonly Uint8Array[]): Uint8Array {
  const marks = images.map((_, index) => `${index === 0 ? '' : '"},'}{"b64_json":"`);
  const [head, tail] = [`{"created":${created},"data":[`, images.length === 0 ? ']}' : '"}]}'];
  const texts = head.length + tail.length + marks.reduce((sum, mark) => sum + mark.length, 0);
  const body = Buffer.allocUnsafe(images.reduce((sum, { length }) => sum + Math.ceil(length / 3) * 4, texts));
  let at = body.write(head, 0, 'latin1');
  for (const [index, image] of images.entries()) {
    at += body.write(marks[index] as string, at, 'latin1');
    const bytes = Buffer.from(image.buffer, image.byteOffset, image.byteLength);
    for (let from = 0; from < bytes.length; from += pieceBytes) {
      at += body.write(bytes.toString('base64', from, from + pieceBytes), at, 'latin1');
    }
  }
  body.write(tail, at, 'latin1');
  return body;
}
