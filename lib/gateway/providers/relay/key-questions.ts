import type { DialectRules } from '@/lib/registry/dialects/dialect';

/** A request that every key may send and that costs nothing: what comes back tells whether ours is good. */
export interface KeyQuestion {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** With its mark, or ''. */
  readonly search: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What else than a 2xx is said to a key that is good. */
  readonly letIn?: { readonly statuses?: readonly number[]; readonly word?: string };
}

const noTask = 'sluice-asks-whether-its-key-is-good';
const noUuid = '00000000-0000-4000-8000-000000000000';

/**
 * By the name of the dialect. One that is not here knows none (`generic`), publishes none (`pika`), or has it at another
 * origin (`fal-queue`): there the next request tells.
 */
const keyQuestions: Readonly<Record<string, KeyQuestion>> = {
  runway: { method: 'GET', path: '/v1/organization', search: '', headers: { 'x-runway-version': '2024-11-06' } },
  kling: { method: 'GET', path: '/v1/videos/text2video', search: '?pageNum=1&pageSize=1' },
  jimeng: {
    ...{ method: 'POST', path: '/', search: '?Action=CVSync2AsyncGetResult&Version=2022-08-31' },
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ req_key: 'jimeng_t2i_v40', task_id: noTask }),
    // A signature is looked at first, and a task that is not there after it.
    letIn: { statuses: [400] },
  },
  suno: { method: 'GET', path: `/fetch/${noTask}`, search: '', letIn: { word: 'task_not_exist' } },
  aimlapi: { method: 'GET', path: '/v2/billing', search: '' },
  'openai-videos': { method: 'GET', path: '/v1/models', search: '' },
  runware: {
    ...{ method: 'POST', path: '/v1', search: '', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify([{ taskType: 'accountManagement', taskUUID: noUuid, operation: 'getDetails' }]),
    letIn: { statuses: [400] },
  },
};

export function keyQuestionOf(dialect: string): KeyQuestion | null {
  return Object.hasOwn(keyQuestions, dialect) ? (keyQuestions[dialect] ?? null) : null;
}

/** The first that a dialect of one's own names; null: it names none that can be put as it stands. */
export function firstFreeOf({ free }: Pick<DialectRules, 'free'>): KeyQuestion | null {
  const [first] = free;
  if (first === undefined || first.path.includes('{')) return null;
  const { method, path, query, body, headers = {} } = first;
  if (method !== 'GET' && method !== 'POST') return null;
  const search = query === undefined ? '' : `?${new URLSearchParams(query)}`;
  if (body === undefined) return { method, path, search, headers };
  return {
    method,
    path,
    search,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
