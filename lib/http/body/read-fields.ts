import { z } from 'zod';
import type { Incoming } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { excerpt } from '@/lib/kernel/excerpt';
import { hiddenTextFault } from '@/lib/kernel/plain-text';
import { fieldFault, type Json, parseJson, type Reading } from './read-body';

const longestReason = 500;

/** What a value looks like in a sentence: at most 64 characters of it. */
export function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value) ?? typeof value;
  return excerpt(text);
}

/** A value that one rule of ours judges: null where it is good, else the sentence. `described` is for OpenAPI. */
export function judged<T>(rule: (value: unknown) => string | null, described: object): z.ZodType<T, T> {
  const error = ({ input }: { readonly input?: unknown }) => rule(input) ?? '';
  return z.custom<T>((value) => rule(value) === null, { error }).meta({ ...described }) as z.ZodType<T, T>;
}

/** A member that an operation judges, with the sentences of the rule; that it is missing, too. */
export function judgedLater(schema: z.ZodType): z.ZodType<unknown, unknown> {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return judged<unknown>(() => null, described);
}

/** What is said of a body that is no object. */
export const whole = {
  error: (issue: { readonly code: string; readonly input?: unknown }) =>
    issue.code === 'invalid_type' ? `is ${shown(issue.input)}; it must be a JSON object` : undefined,
};

/** The fields of a control-plane write; members that it does not know are no fault of a caller's. */
export const fields = <S extends z.ZodRawShape>(shape: S) => z.object(shape, whole);

/** The same for a body of which each member counts: one that it does not know is refused. */
export const onlyFields = <S extends z.ZodRawShape>(shape: S) => z.strictObject(shape, whole);

export const flag = (description: string) =>
  judged<boolean | null>((value) => (typeof value === 'boolean' || value === null ? null : 'must be true or false'), {
    type: ['boolean', 'null'],
    description,
  })
    .optional()
    .transform((value) => value ?? false);

export const shortText = (description: string) =>
  judged<string>(
    (value) =>
      typeof value === 'string' && value.length > 0 && value.length <= 200
        ? null
        : 'must be text of 1 to 200 characters',
    { type: 'string', minLength: 1, maxLength: 200, description },
  );

/** Why it is done: at most 500 characters of text, or nothing. */
export const reason = judged<string | null>(reasonFault, {
  type: ['string', 'null'],
  maxLength: longestReason,
  description: 'why; the journal keeps it',
})
  .optional()
  .transform((text) => text?.trim() || null);

function reasonFault(value: unknown): string | null {
  if (value === null) return null;
  if (typeof value !== 'string') return `is a ${typeof value}, not text`;
  if (value.includes('\0') || /\p{Surrogate}/u.test(value)) return 'holds a NUL or half a character';
  const hidden = hiddenTextFault('it', value.trim());
  if (hidden !== null) return `is refused: ${hidden}`;
  return value.length > longestReason ? `has ${value.length} characters; at most ${longestReason} are kept` : null;
}

/** The body of a write by its schema, and as it was written; or one 422 in our own words. */
export function readFields<S extends z.ZodType>(
  schema: S,
  incoming: Incoming,
  reading: Reading = {},
): Json & { readonly value: z.output<S> } {
  const { text, value } = parseJson(incoming, reading);
  return { text, value: parse(schema, value, reading.invalid) };
}

/** The parsed value, or one 422 with every fault in it. */
export function parse<S extends z.ZodType>(schema: S, value: unknown, invalid = 'request-invalid'): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => {
    if (issue.code !== 'unrecognized_keys') return { pointer: pointerOf(issue.path), detail: issue.message };
    const unknown = issue.keys.map((key) => key.slice(0, 32)).join(', ');
    return {
      pointer: pointerOf([...issue.path, issue.keys[0] ?? '']),
      detail: `is not known here (${excerpt(unknown)})`,
    };
  });
  throw refusalOf(faults, invalid);
}

interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

/** The data plane calls a member by its name, the control plane by its pointer: so their callers know it. */
function refusalOf(faults: readonly Fault[], code: string): Problem {
  if (code === 'request-invalid') return invalid(faults);
  const { pointer = '', detail } = faults[0] ?? {};
  if (pointer === '') return new Problem(422, code, `The body ${detail}.`);
  return fieldFault(pointer === '/reason' ? 'reason-invalid' : 'body-invalid', pointer, `${detail}`);
}

export function invalid(errors: readonly Fault[]): Problem {
  const [first] = errors;
  const detail = `${first?.pointer === '' ? 'The body' : first?.pointer.slice(1)} ${first?.detail}.`;
  return new Problem(422, 'request-invalid', detail, { errors });
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).slice(0, 32).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
