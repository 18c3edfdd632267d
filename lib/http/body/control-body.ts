import { readMembers } from '@/lib/kernel/json-members';
import { hiddenTextFault } from '@/lib/kernel/plain-text';
import type { Incoming } from '../message';
import { Problem } from '../problem';
import { duplicateKey } from './duplicate-key';
import { readJsonText } from './parse-json';

const longestReason = 500;

export type Fields = Readonly<Record<string, unknown>>;

/**
 * The JSON object of a control-plane write; `invalid` is the code of what parses but is wrong. Keys written twice inside
 * the member `judgedAsWritten` are left to whoever judges that, in words of its own.
 */
export function controlBody(incoming: Incoming, invalid = 'body-invalid', judgedAsWritten?: string): Fields {
  const text = readJsonText(incoming);
  const twice = duplicateKey(text);
  const isOurs = twice !== null && !twice.startsWith(`/${judgedAsWritten}/`);
  if (isOurs) throw fieldFault(invalid, twice, 'is written twice; each key may appear once');
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new Problem(422, invalid, `The body is ${JSON.stringify(value).slice(0, 64)}; it must be a JSON object.`);
}

/** One member of the body as it was written: JSON.parse hides duplicates and turns 1e400 into Infinity. */
export function writtenMember(incoming: Incoming, name: string): string | undefined {
  return readMembers(readJsonText(incoming))?.find(({ key }) => key === name)?.literal;
}

/** Why somebody does it: text of at most 500 characters, or nothing. */
export function reasonOf({ reason }: Fields): string | null {
  if (reason === undefined || reason === null) return null;
  if (typeof reason !== 'string') throw fieldFault('reason-invalid', '/reason', `is a ${typeof reason}, not text`);
  if (reason.includes('\0') || /\p{Surrogate}/u.test(reason)) {
    throw fieldFault('reason-invalid', '/reason', 'holds a NUL or half a character');
  }
  const hidden = hiddenTextFault('it', reason.trim());
  if (hidden !== null) throw fieldFault('reason-invalid', '/reason', `is refused: ${hidden}`);
  if (reason.length > longestReason) {
    throw fieldFault('reason-invalid', '/reason', `has ${reason.length} characters; at most ${longestReason} are kept`);
  }
  return reason.trim() === '' ? null : reason.trim();
}

export function flagOf(fields: Fields, name: string): boolean {
  const value = fields[name] ?? false;
  if (typeof value !== 'boolean') throw fieldFault('body-invalid', `/${name}`, 'must be true or false');
  return value;
}

export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string' && value.length > 0 && value.length <= 200) return value;
  throw fieldFault('body-invalid', `/${name}`, 'must be text of 1 to 200 characters');
}

export function fieldFault(code: string, pointer: string, rule: string): Problem {
  const detail = `${pointer.slice(0, 64)} ${rule}.`;
  return new Problem(422, code, detail, { errors: [{ pointer, detail }] });
}
