import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { Incoming } from '@/lib/http/message';
import { excerpt } from '@/lib/kernel/excerpt';
import { Problem } from '../problem';
import { invalid } from './read-fields';

export interface FormFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** A form as it was sent, in its order. */
interface Form {
  readonly fields: readonly (readonly [string, string])[];
  readonly files: readonly FormFile[];
}

interface FormLimits {
  readonly fileBytes: number;
  readonly files: number;
  readonly fields: number;
  readonly fieldBytes: number;
}

export const isForm = (incoming: Pick<Incoming, 'header'>) =>
  /^multipart\/form-data\s*(?:;|$)/i.test(incoming.header('content-type') ?? '');

const malformed = (why: string, cause?: unknown) =>
  new Problem(400, 'malformed-form', `The body is no multipart/form-data: ${why}.`, { cause });

/** Reads a form within its limits; the first thing that is over one of them ends it. */
export function readForm(incoming: Incoming, limits: FormLimits): Promise<Form> {
  const { body } = incoming;
  return new Promise((resolve, reject) => {
    const parser = openParser(incoming, limits);
    const fields: (readonly [string, string])[] = [];
    const files: FormFile[] = [];
    const refuse = (problem: Error) => {
      parser.removeAllListeners('file').removeAllListeners('field').removeAllListeners('finish');
      reject(problem);
    };
    const tooMany = (what: string, most: number) =>
      refuse(new Problem(413, 'too-large', `The form holds more than ${most} ${what}, the most this route reads.`));
    parser.on('field', (name, value, isNameCut, isCut) => {
      if (isNameCut) return refuse(invalid([{ pointer: '', detail: 'has a field with too long a name' }]));
      if (isCut) return refuse(overLong(name, limits.fieldBytes));
      fields.push([name, value]);
    });
    parser.on('file', (name, stream) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('limit', () => refuse(overLong(name, limits.fileBytes)));
      stream.on('end', () => files.push({ name, bytes: Buffer.concat(chunks) }));
      stream.on('error', (cause: unknown) => refuse(malformed('a file breaks off', cause)));
    });
    parser.on('filesLimit', () => tooMany('files', limits.files));
    parser.on('fieldsLimit', () => tooMany('fields', limits.fields));
    parser.on('partsLimit', () => tooMany('parts', limits.files + limits.fields));
    parser.on('error', (cause: unknown) => refuse(malformed('it breaks off, or its boundary is another', cause)));
    parser.on('finish', () => resolve({ fields, files }));
    parser.end(body ?? Buffer.alloc(0));
  });
}

function openParser(incoming: Incoming, { fileBytes, files, fields, fieldBytes }: FormLimits): BusboyInstance {
  const type = incoming.header('content-type') ?? '';
  try {
    return new Busboy({
      headers: { 'content-type': type },
      limits: {
        ...{ fieldNameSize: 100, fieldSize: fieldBytes, fields, fileSize: fileBytes, files, headerPairs: 16 },
        parts: files + fields,
      },
    });
  } catch (cause) {
    throw malformed(`its Content-Type ${excerpt(type)} says no boundary that can be used`, cause);
  }
}

function overLong(name: string, most: number): Problem {
  const shown = name.slice(0, 32);
  return invalid([{ pointer: `/${shown}`, detail: `is larger than ${most} bytes, the most that is read of it` }]);
}
