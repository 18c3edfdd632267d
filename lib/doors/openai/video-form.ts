import { largestInputBytes } from '@/lib/gateway/models/input-image';
import { parseJson } from '@/lib/http/body/read-body';
import { invalid } from '@/lib/http/body/read-fields';
import { isForm, readForm } from '@/lib/http/body/read-form';
import type { Incoming } from '@/lib/http/message';
import { dataUri, put, textAs } from './edit-form';

/** One picture to begin with, as a file or as the text of one. */
const limits = {
  ...{ fileBytes: largestInputBytes, files: 2, fields: 32 },
  fieldBytes: Math.ceil((largestInputBytes * 4) / 3) + 64,
};
const inside = /^input_reference\[(\w{1,32})\]$/;

/** The body of a video as one object, whether it came as a form, as OpenAI's own client always sends it, or as JSON. */
export async function readVideoForm(incoming: Incoming): Promise<unknown> {
  if (!isForm(incoming)) return parseJson(incoming).value;
  const { fields, files } = await readForm(incoming, limits);
  const body: Record<string, unknown> = {};
  const reference: Record<string, unknown> = {};
  for (const file of files) {
    if (file.name === 'input_reference') put(body, file.name, dataUri(file, '/input_reference'));
    else throw invalid([{ pointer: `/${file.name.slice(0, 32)}`, detail: 'is a file, and only input_reference is' }]);
  }
  for (const [name, value] of fields) {
    const [, part] = inside.exec(name) ?? [];
    if (part === undefined) put(body, name, textAs(name, value));
    else put(reference, part, value);
  }
  if (Object.keys(reference).length > 0) put(body, 'input_reference', reference);
  return body;
}
