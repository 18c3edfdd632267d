import { kindOf } from '../../models/input-image';

/** A file of a form, as a vendor sees it. */
interface SandboxFile {
  readonly kind: string | null;
  readonly size: number;
}

export function isSandboxFile(value: unknown): value is SandboxFile {
  return typeof value === 'object' && value !== null && 'kind' in value && 'size' in value;
}

/** JSON, or a form: its texts, and what its files are. Undefined: it is neither. */
export async function readSandboxBody(contentType: string | undefined, bytes: Buffer): Promise<unknown> {
  try {
    if (contentType?.startsWith('multipart/form-data')) return await readForm(contentType, bytes);
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A name that comes more than once, or ends in `[]`, is a list. */
async function readForm(contentType: string, bytes: Buffer): Promise<Record<string, unknown>> {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData();
  const read: Record<string, unknown> = {};
  for (const name of new Set(form.keys())) {
    const values = await Promise.all(form.getAll(name).map(partOf));
    const isList = name.endsWith('[]') || values.length > 1;
    read[name.replace(/\[\]$/, '')] = isList ? values : values[0];
  }
  return read;
}

async function partOf(value: FormDataEntryValue): Promise<string | SandboxFile> {
  if (typeof value === 'string') return value;
  return { kind: kindOf(new Uint8Array(await value.slice(0, 64).arrayBuffer())), size: value.size };
}
