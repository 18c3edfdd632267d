import type { Asking, CreateRule, Dialect } from '@/lib/registry/dialects/dialect';
import { filled, filledIn } from '../fill-in';
import { fill } from '../pattern';

type Names = Readonly<Record<string, string>>;

/** One request of our own about a job. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  /** With its mark, or ''. */
  readonly search: string;
  readonly body: string | null;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** How a rule is found again in what a job's row holds. */
export function nameOf({ method, path, query }: Pick<CreateRule, 'method' | 'path' | 'query'>): string {
  const search = query === undefined ? '' : `?${new URLSearchParams(query)}`;
  return `${method} ${path}${search}`;
}

export function ruleCalled({ creates }: Dialect, name: unknown): CreateRule | undefined {
  return creates.find((rule) => nameOf(rule) === name);
}

/** A rule of our own asking with a job's names filled in; null: one of them is not known. */
export function askedOf({ method, path, query, body }: Asking, names: Names): Asked | null {
  const whole = fill(path, names);
  if (whole === undefined) return null;
  const search = new URLSearchParams(Object.entries(query ?? {}).map(([name, value]) => [name, filled(value, names)]));
  const text = search.toString();
  return {
    method,
    path: whole,
    search: text === '' ? '' : `?${text}`,
    body: body === undefined ? null : JSON.stringify(filledIn(body, names)),
  };
}
