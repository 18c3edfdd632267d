import type { DialectRules, FreeQuestion, LetIn } from '@/lib/registry/dialects/dialect';

/** A request that every key may send and that costs nothing: what comes back tells whether ours is good. */
export interface KeyQuestion {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** With its mark, or ''. */
  readonly search: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly letIn: LetIn;
}

/** The first that says so, else the first of all; null: it names none that can be put as it stands. */
export function keyQuestionOf({ free }: Pick<DialectRules, 'free'>): KeyQuestion | null {
  const asked = free.find(({ key }) => key !== undefined) ?? free[0];
  return asked === undefined ? null : plain(asked);
}

function plain({ method, path, query, body, headers = {}, key: letIn = {} }: FreeQuestion): KeyQuestion | null {
  if (path.includes('{') || (method !== 'GET' && method !== 'POST')) return null;
  const search = query === undefined ? '' : `?${new URLSearchParams(query)}`;
  if (body === undefined) return { method, path, search, headers, letIn };
  const all = { 'content-type': 'application/json', ...headers };
  return { method, path, search, headers: all, body: JSON.stringify(body), letIn };
}
