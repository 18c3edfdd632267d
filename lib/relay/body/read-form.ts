import { isUtf8 } from 'node:buffer';
import { Problem } from '@/lib/http/problem';
import type { Pointer } from '@/lib/registry/dialects/dialect';
import { blamed } from '../refusal';

const mostParts = 200;
const longestText = 64 * 1024;
const crlf = Buffer.from('\r\n');
const blank = Buffer.from('\r\n\r\n');
const boundaryOf =
  /^multipart\/form-data; *boundary=(?:"([\w'()+,./:=? -]{0,69}[\w'()+,./:=?-])"|([\w'()+./:=?-]{1,70}))$/i;
const disposition =
  /^content-disposition: *form-data; *name="([\w.[\]-]{1,256})"((?:; *filename="(?:[^"\\]|\\.)*")?(?:; *filename\*=[\w'%.!#$&+^`|~-]+)?)$/i;
/** Characters that some readers take for the end of a line, and this one does not. */
const otherEnd = /(?!\t)\p{Cc}|[\u2028\u2029]/u;
/** A second name, behind a quote that only some readers take for the end of the file's name. */
const furtherName = /;\s*name/i;

/** A form says which fields are texts; a file stands there as its name alone. */
type FormFields = Readonly<Record<string, unknown>>;

/** What a request says that its body is, where that is a form; null: it is none. Names and values by turns. */
export function formType(rawHeaders: readonly string[]): string | null {
  const said = rawHeaders.filter(
    (_, at) => at % 2 === 1 && /^content-(?:type|encoding)$/i.test(rawHeaders[at - 1] ?? ''),
  );
  const [first] = said;
  if (!said.some((each) => /^multipart\/form-data\b/i.test(each))) return null;
  if (said.length === 1 && first !== undefined) return first;
  throw unreadable('it has one content-type, and is not packed');
}

/** As JSON would say it at these pointers: a form writes `/video/id` as `video[id]`. */
export function readFields(contentType: string, bytes: Buffer, pointers: readonly Pointer[]): FormFields {
  const places = pointers.map((at) => at.slice(1).split('/'));
  const names = places.map(([first, ...inner]) => `${first}${inner.map((part) => `[${part}]`).join('')}`);
  const fields = readForm(contentType, bytes, names);
  const inside = places.flatMap(([first = '', second, ...deeper], at) =>
    second === undefined || deeper.length > 0 ? [] : [[first, { [second]: fields[names[at] ?? ''] }] as const],
  );
  return { ...fields, ...Object.fromEntries(inside) };
}

/**
 * The texts of a form, whose bytes stay as they are. What two readers might take for two things is refused: another
 * model or job than the one that was read here could be made of it. `alike`: what no other field may look like.
 */
export function readForm(contentType: string, bytes: Buffer, alike: readonly string[]): FormFields {
  const found = boundaryOf.exec(contentType.trim());
  if (found === null)
    throw unreadable('its content-type must be multipart/form-data with its boundary and nothing else');
  const mark = Buffer.from(`--${found[1] ?? found[2]}`);
  if (!bytes.subarray(0, mark.length).equals(mark)) throw unreadable('it must begin with its boundary');
  const between = Buffer.concat([crlf, mark]);
  const fields = new Map<string, unknown>();
  let at = mark.length;
  for (let parts = 0; parts <= mostParts; parts += 1) {
    if (bytes.subarray(at, at + 2).toString('latin1') === '--') return endOf(bytes, at + 2, fields);
    if (!bytes.subarray(at, at + 2).equals(crlf)) throw unreadable('a boundary must end its line');
    const end = bytes.indexOf(between, at);
    if (end < 0) throw unreadable('it breaks off before its last boundary');
    const part = bytes.subarray(at + 2, end);
    // A reader that ends lines by less than CRLF would see another field begin here.
    if (part.includes(mark)) throw unreadable('its boundary stands within a field');
    const [name, value] = partOf(part);
    if (fields.has(name) && !name.endsWith('[]')) throw unreadable(`it says ${name} more than once`);
    const isFile = typeof value !== 'string';
    if (alike.includes(name) && isFile) throw unreadable(`${name} is a file`);
    if (!alike.includes(name) && alike.some((each) => isLike(name, each, isFile)))
      throw unreadable(`${name} looks like ${alike.join(' or ')}, which must be written just so`);
    fields.set(name, value);
    at = end + between.length;
  }
  throw unreadable(`it has more than ${mostParts} fields`);
}

/** A file may be given in the place of what names one: `video` and `video[id]`. */
function isLike(name: string, read: string, isFile: boolean): boolean {
  const stem = (field: string) => field.replace(/[[.].*$/, '').toLowerCase();
  return stem(name) === stem(read) && !(isFile && read.startsWith(`${name}[`));
}

function endOf(bytes: Buffer, at: number, fields: ReadonlyMap<string, unknown>): FormFields {
  const rest = bytes.subarray(at).toString('latin1');
  if (rest !== '' && rest !== '\r\n') throw unreadable('something comes behind its last boundary');
  return Object.fromEntries(fields);
}

function partOf(part: Buffer): readonly [string, unknown] {
  const head = part.indexOf(blank);
  if (head < 0) throw unreadable('a field has no empty line behind its headers');
  const heads = textOf(part.subarray(0, head));
  const lines = heads.split('\r\n');
  if (lines.some((line) => otherEnd.test(line))) throw unreadable('other ends of a line stand in the head of a field');
  const [, name, file = ''] = lines.flatMap((line) => disposition.exec(line) ?? []);
  const isPlain = lines.every((line) => /^content-(?:disposition|type|length):/i.test(line));
  const isOne = heads.match(/content-disposition/gi)?.length === 1 && !furtherName.test(file);
  if (!isPlain || !isOne || name === undefined)
    throw unreadable('each field has one content-disposition with a plain name, and perhaps a content-type');
  const body = part.subarray(head + blank.length);
  if (file !== '') return [name, { file: body.length }];
  if (body.length > longestText) throw unreadable(`the text ${name} is longer than 64 kB`);
  return [name, body.toString('utf8')];
}

/** The name of a file may be in any letters. */
const textOf = (head: Buffer) => head.toString(isUtf8(head) ? 'utf8' : 'latin1');

function unreadable(why: string): Problem {
  const detail = `Its body says what this asks for, so the form was read, and nothing was sent: ${why}.`;
  return blamed(new Problem(400, 'malformed-form', detail), 'caller');
}
