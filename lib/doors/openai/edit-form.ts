import { kindOf, largestInputBytes } from '@/lib/gateway/models/input-image';
import { parseJson } from '@/lib/http/body/read-body';
import { invalid } from '@/lib/http/body/read-fields';
import { type FormFile, isForm, readForm } from '@/lib/http/body/read-form';
import type { Incoming } from '@/lib/http/message';

/** As OpenAI's clients send edits, and not much more; a prompt of 32,000 characters may have four bytes each. */
const limits = { fileBytes: largestInputBytes, files: 17, fields: 48, fieldBytes: 128 * 1024 };
export const editLimitBytes = 40 * 1024 * 1024;

const numbers: ReadonlySet<string> = new Set([
  ...['n', 'seed', 'steps', 'guidance', 'strength', 'output_compression', 'partial_images', 'fps'],
]);
const flags: ReadonlySet<string> = new Set(['stream', 'safety']);
const imageName = /^image(?:\[\d*\])?$/;

/** The body of an edit as one object, whether it came as a form or as JSON. */
export async function readEdit(incoming: Incoming): Promise<unknown> {
  if (!isForm(incoming)) return parseJson(incoming).value;
  const { fields, files } = await readForm(incoming, limits);
  const body: Record<string, unknown> = {};
  const images: unknown[] = [];
  for (const file of files) {
    if (imageName.test(file.name)) images.push(dataUri(file, `/image/${images.length}`));
    else if (file.name === 'mask') put(body, 'mask', dataUri(file, '/mask'));
    else throw invalid([{ pointer: `/${file.name.slice(0, 32)}`, detail: 'is a file, and only image and mask are' }]);
  }
  for (const [name, value] of fields) {
    if (imageName.test(name)) images.push(value);
    else put(body, name, textAs(name, value));
  }
  return images.length === 0 ? body : { ...body, image: images };
}

export function put(body: Record<string, unknown>, name: string, value: unknown): void {
  const pointer = `/${name.slice(0, 32)}`;
  if (Object.hasOwn(body, name)) throw invalid([{ pointer, detail: 'is written twice; each field may appear once' }]);
  Object.defineProperty(body, name, { value, enumerable: true, configurable: true, writable: true });
}

/** A form has texts only. What is no number where one belongs is judged as the text that it is. */
export function textAs(name: string, text: string): unknown {
  if (numbers.has(name) && /^-?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  if (flags.has(name) && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

/** By its bytes: the type that a client says is often application/octet-stream. */
export function dataUri({ bytes }: FormFile, pointer: string): string {
  const kind = kindOf(bytes);
  if (kind !== null) return `data:image/${kind};base64,${bytes.toString('base64')}`;
  const detail = 'is no image: its first bytes are not those of a png, jpeg, webp or gif';
  throw invalid([{ pointer, detail }]);
}
