import { randomBytes } from 'node:crypto';
import type { VendorRequest } from '../../models/compile-model';
import { kindOf } from '../../models/input-image';
import type { FetchImage } from '../fetch-image';

/** What is sent, and where. */
export interface OpenaiCallBody {
  readonly path: string;
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

/** Files of an edit, as OpenAI calls them. */
const fileFields = ['image', 'mask'] as const;

/** Text goes as JSON; what carries images is an edit, whose images this vendor takes as files and never by address. */
export async function bodyOf({ model, fields }: VendorRequest, fetchImage: FetchImage): Promise<OpenaiCallBody> {
  const said = { ...fields, model: model.id };
  if (fields.image === undefined) {
    return { path: '/v1/images/generations', contentType: 'application/json', body: JSON.stringify(said) };
  }
  const { image: _, mask: __, ...words } = said as Record<string, unknown>;
  const files = await Promise.all(fileFields.flatMap((name) => filesOf(name, fields[name], fetchImage)));
  const boundary = `sluice-${randomBytes(12).toString('hex')}`;
  const texts = Object.entries(words).map(([name, value]) => {
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    return Buffer.from(`${headOf(boundary, name)}\r\n\r\n${text}\r\n`);
  });
  const parts = files.flatMap(({ name, kind, bytes }) => {
    const file = `; filename="${name.replace('[]', '')}.${kind}"\r\ncontent-type: image/${kind}\r\n\r\n`;
    return [Buffer.from(headOf(boundary, name) + file), bytes, Buffer.from('\r\n')];
  });
  const body = Buffer.concat([...texts, ...parts, Buffer.from(`--${boundary}--\r\n`)]);
  return { path: '/v1/images/edits', contentType: `multipart/form-data; boundary=${boundary}`, body };
}

const headOf = (boundary: string, name: string) =>
  `--${boundary}\r\ncontent-disposition: form-data; name="${name.replaceAll(/["\r\n]/g, '')}"`;

function filesOf(field: (typeof fileFields)[number], value: unknown, fetchImage: FetchImage) {
  const given: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  const name = given.length > 1 ? `${field}[]` : field;
  return given.map(async (image) => {
    const text = String(image);
    const isData = text.startsWith('data:');
    const bytes = isData ? Buffer.from(text.slice(text.indexOf(',') + 1), 'base64') : await fetchImage(text);
    const kind = kindOf(bytes);
    if (kind === null) throw new Error('what is at the address is no png, jpeg, webp or gif');
    return { name, kind, bytes };
  });
}
