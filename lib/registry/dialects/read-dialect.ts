import type { z } from 'zod';
import { excerpt } from '@/lib/kernel/excerpt';
import type { Asking, DialectRules } from './dialect';
import { namesIn } from './dialect-parts';
import { dialectShape } from './dialect-shape';

type Rules = z.output<typeof dialectShape>;
type Create = Rules['creates'][number];

type DialectReading =
  | { readonly ok: true; readonly rules: DialectRules }
  | { readonly ok: false; readonly faults: readonly string[] };

/** Rules of a dialect as they were written, or every fault of them, each with its place. */
export function readDialect(value: unknown): DialectReading {
  const parsed = dialectRules.safeParse(value);
  if (parsed.success) return { ok: true, rules: parsed.data };
  return { ok: false, faults: parsed.error.issues.map((issue) => sentenceOf(issue, value)) };
}

/** What is asked for must be known by then: what the path captures, what is kept of the body, and the id. */
export const dialectRules = dialectShape.superRefine((rules, context) => {
  const say = (path: readonly (string | number)[], message: string) =>
    context.addIssue({ code: 'custom', path: [...path], message });
  for (const [at, create] of rules.creates.entries()) {
    const unknown = unknownOf(create);
    if (unknown !== null) say(['creates', at, unknown.at], `uses {${unknown.name}}, which nothing gives`);
  }
  for (const [at, { path, idAt }] of rules.polls.entries()) {
    if (idAt.in === 'path' && !namesIn(path).includes(idAt.name))
      say(['polls', at, 'idAt', 'name'], `must be a name in its path, which has ${namesIn(path).join(', ') || 'none'}`);
  }
  for (const [at, { path }] of rules.free.entries())
    if (namesIn(path).length > 0) say(['free', at, 'path'], 'must be a path without names: it asks for nobody’s job');
});

function unknownOf({ path, keep = {}, model, follow, cancel }: Create) {
  const captured = namesIn(path);
  const known = new Set([...captured, ...Object.keys(keep), 'id']);
  const inPath = namesIn(model ?? '').find((name) => !captured.includes(name));
  if (inPath !== undefined) return { at: 'model', name: inPath };
  for (const [at, asked] of Object.entries({ follow, cancel })) {
    const name = asked && namesOf(asked).find((each) => !known.has(each));
    if (name !== undefined) return { at, name };
  }
  return null;
}

const namesOf = ({ path, query = {}, body }: Asking): readonly string[] =>
  namesIn([path, ...Object.values(query), JSON.stringify(body) ?? ''].join(' '));

function sentenceOf(issue: z.core.$ZodIssue, whole: unknown): string {
  const place = issue.path.reduce<string>(
    (told, part) =>
      typeof part === 'number' ? `${told}[${part}]` : told === '' ? String(part) : `${told}.${String(part)}`,
    '',
  );
  const named = place === '' ? 'the rules' : place;
  if (issue.code === 'unrecognized_keys')
    return `${named} ${place === '' ? 'have' : 'has'} the unknown key "${excerpt(issue.keys[0] ?? '')}"; check its spelling`;
  const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  const value = issue.path.reduce<unknown>(
    (at, part) => (at as Record<PropertyKey, unknown> | null | undefined)?.[part],
    whole,
  );
  if (!message.startsWith('must')) return `${named} ${message}`;
  return value === undefined
    ? `${named} is missing; it ${message}`
    : `${named} is ${excerpt(JSON.stringify(value))}; it ${message}`;
}
