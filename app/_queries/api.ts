import type { RedLineView } from '@/lib/api/snapshot';
import type { Blocker } from '@/lib/rule/blocker';
import type { Metric } from '@/lib/split/policy/metrics';
import { isAttended } from './attended';
import { tellSignedOut } from './signed-out';
import { hasTyped, typedInForm } from './typed';

/** What the API answered when it refused, or `network` when it did not answer. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly body: ProblemBody = {},
  ) {
    super(detail);
    this.name = 'ApiProblem';
  }
}

export interface ProblemBody {
  readonly detail?: string;
  readonly code?: string;
  readonly request_id?: string;
  /** What the sentence says, where the browser has words of its own for it. */
  readonly says?: Readonly<Record<string, string | number>>;
  readonly errors?: readonly { readonly pointer?: string; readonly detail: string }[];
  readonly blockers?: readonly Blocker[];
  /** `confirmation-needed`: what a proposed policy would do now, and what it would have done in the last hour. */
  readonly would?: { readonly kind: string };
  readonly lines?: readonly RedLineView[];
  /** Lines with nothing to measure now that were over whenever there was. */
  readonly open?: readonly OpenRunView[];
  readonly acted?: readonly { readonly metric: Metric; readonly from: string; readonly to: string }[];
  /** `policy-invalid`: each with its place, such as policy.stages[1].observe. */
  readonly faults?: readonly string[];
  readonly version?: number;
  readonly weights?: Readonly<Record<string, number>>;
  readonly by?: string | null;
  readonly at?: string | null;
}

interface OpenRunView extends Pick<RedLineView, 'arm' | 'metric' | 'hold_seconds' | 'acts_at'> {
  readonly since: string;
}

const deadlineMs = 15_000;

export async function callApi<T>(path: string, init: RequestInit = {}, withinMs = deadlineMs): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      ...init,
      headers: { accept: 'application/json', ...(isAttended() ? {} : { 'sluice-unattended': '1' }), ...init.headers },
      signal: AbortSignal.any([AbortSignal.timeout(withinMs), ...(init.signal ? [init.signal] : [])]),
    });
  } catch (cause) {
    throw new ApiProblem(0, 'network', cause instanceof Error ? cause.message : String(cause));
  }
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) {
    tellSignedOut(false);
    return body as T;
  }
  const problem = (body ?? {}) as ProblemBody;
  if (response.status === 401) askToSignIn();
  throw new ApiProblem(
    response.status,
    problem.code ?? `http-${response.status}`,
    problem.detail ?? response.statusText,
    problem,
  );
}

export async function writeApi<T>(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body: unknown,
  version?: number,
  withinMs?: number,
) {
  const headers = {
    'content-type': 'application/json',
    ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
  };
  const typedIsTaken = typedInForm();
  const answer = await callApi<T>(path, { method, body: JSON.stringify(body), headers }, withinMs);
  typedIsTaken();
  return answer;
}

/** A page that is on its way out goes on asking: leaving anew each time, it would never be at the door of a slow server. */
const leavesWithinMs = 30_000;
let leftAtMs = Number.NEGATIVE_INFINITY;

/** The API decides who may see what; a page only knows the way to the door, and does not leave what somebody has written. */
function askToSignIn() {
  const { pathname, search } = window.location;
  if (pathname === '/sign-in') return;
  if (hasTyped()) return tellSignedOut(true);
  if (performance.now() - leftAtMs < leavesWithinMs) return;
  leftAtMs = performance.now();
  window.location.assign(`/sign-in?next=${encodeURIComponent(pathname + search)}`);
}

/** The fields of a filter that say something, as a query. */
export function filledIn(filter: Readonly<Record<string, string>>): URLSearchParams {
  return new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''));
}
