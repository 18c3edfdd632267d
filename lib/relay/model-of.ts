import type { CreateRule, Dialect } from '@/lib/registry/dialects/dialect';
import type { Captures } from './dialect';
import { textsAt } from './pointer';

interface Create {
  readonly dialect: Pick<Dialect, 'modelAt'>;
  readonly rule: Pick<CreateRule, 'model'>;
  readonly captures: Captures;
  /** undefined: it was not read. */
  readonly body: unknown;
}

const longest = 256;

/** As its path says, or the first that its body says; null: neither does. */
export function modelOf({ dialect, rule, captures, body }: Create): string | null {
  const inPath = pathModel(rule, captures);
  return (inPath ?? dialect.modelAt.flatMap((at) => textsAt(body, at))[0])?.slice(0, longest) ?? null;
}

/** null: its path does not say it. */
export function pathModel({ model }: Pick<CreateRule, 'model'>, captures: Captures): string | null {
  return model === undefined ? null : model.replace(/\{([a-z_]+)\*?\}/g, (_, name: string) => captures[name] ?? '');
}
