import { z } from 'zod';

export const text = (most: number) => {
  const rule = `must be a text of 1 to ${most} characters`;
  return z.string({ error: rule }).min(1, rule).max(most, rule);
};
/** What a rule of a dialect is made of; a key that is not known is refused. */
export const fields = <S extends z.ZodRawShape>(shape: S) =>
  z.strictObject(shape, { error: `must be an object with ${Object.keys(shape).join(', ')}` });
export const oneOf = <const T extends readonly string[]>(words: T) =>
  z.enum(words, { error: `must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}` });
export const list = <T extends z.ZodType>(of: T, most: number) =>
  z.array(of, { error: 'must be a list' }).max(most, `must have at most ${most} entries`);

const pointerRule = 'must be a JSON pointer such as "/data/id", or "" for all of it';
export const pointer = z
  .string({ error: pointerRule })
  .max(256, pointerRule)
  .regex(/^(?:\/(?:[^~/]|~[01])*)*$/, pointerRule);

export const method = oneOf(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
const queryRule = 'must be an object of texts by name';
export const query = z
  .record(z.string().min(1).max(64), z.string({ error: queryRule }).max(256, queryRule), { error: queryRule })
  .optional();
export const wholeMs = (least: number, most: number) => {
  const rule = `must be a whole number of milliseconds from ${least} to ${most}`;
  return z.int({ error: rule }).min(least, rule).max(most, rule);
};

const patternRule =
  'must be a path such as "/v1/tasks/{id}": each part a word or one {name}, and {name*} at most once, at the end of a part';
/** A part is one name or one word, so that matching a path that a caller wrote takes linear time. */
const patternShape =
  /^\/$|^(?:\/(?:[\w.~:@-]+|\{[a-z_]{1,32}\}))+(?:\{[a-z_]{1,32}\*\})?(?:\/(?:[\w.~:@-]+|\{[a-z_]{1,32}\}))*$/;
export const pathPattern = z
  .string({ error: patternRule })
  .max(256, patternRule)
  .regex(patternShape, patternRule)
  .refine((path) => new Set(namesIn(path)).size === namesIn(path).length, 'must use each name once');

const askedRule = 'must be a path such as "/v1/tasks/{id}"';
const askedPath = z
  .string({ error: askedRule })
  .max(256, askedRule)
  .regex(/^\/$|^(?:\/(?:[\w.~:@-]+|\{[a-z_]{1,32}\}))+$/, askedRule);

/** A request of our own. */
const asked = {
  method: oneOf(['GET', 'POST', 'PUT', 'DELETE']),
  path: askedPath,
  query,
  body: z.unknown().optional(),
};
export const asking = fields(asked);

const headerRule = 'must be headers in small letters, of which none holds a key or is for Sluice to say';
/** As `sluice.own_header_fault` has them, and a test holds the two together. */
const ours = new Set([
  ...['authorization', 'x-api-key', 'cookie', 'set-cookie', 'host', 'connection', 'keep-alive', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'expect', 'content-length', 'accept-encoding', 'forwarded', 'via', 'x-real-ip'],
  'user-agent',
]);
const isOurs = (name: string) => ours.has(name) || /^(?:proxy|x-forwarded|cf|x-sluice)-/.test(name);
const headerName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_.-]{0,63}$/, headerRule)
  .refine((name) => !isOurs(name), headerRule);
const headerValue = z.string({ error: headerRule }).regex(/^[!-~](?:[ -~]{0,510}[!-~])?$/, headerRule);
/** One value for all would have a provider take every request for the same, or a question for one with a body. */
const isCallers = (name: string) => /^(?:content-.*|(?:x-)?idempotency-key)$/.test(name);
export const usualHeaders = z
  .record(headerName, headerValue.nullable(), { error: headerRule })
  .refine(
    (headers) => Object.entries(headers).every(([name, value]) => value === null || !isCallers(name)),
    'must have null for what only a caller can say: content-… and idempotency-key',
  );
export const freeQuestion = fields({
  ...asked,
  headers: z.record(headerName, headerValue, { error: headerRule }).optional(),
  key: fields({ statuses: list(z.int().min(400).max(499), 8).optional(), word: text(64).optional() }).optional(),
  shape: z.literal(false, { error: 'must be false, or left out' }).optional(),
});

/** Of a pattern, without the star. */
export function namesIn(template: string): readonly string[] {
  return [...template.matchAll(/\{([a-z_]+)\*?\}/g)].map(([, name = '']) => name);
}
