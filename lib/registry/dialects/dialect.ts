/** What tells a relay which request begins a job, which asks for one, and where its id and its state stand: data, not code. */
export interface Dialect extends DialectRules {
  readonly name: string;
}

export interface DialectRules {
  /** None: nothing is a job. */
  readonly creates: readonly CreateRule[];
  /** Requests that name a job. */
  readonly polls: readonly PollRule[];
  /** What would tell of the jobs of every caller of the account. */
  readonly lists: readonly RequestRule[];
  readonly reading: Reading | null;
  /** Where a create's body names its model: the first that is there. */
  readonly modelAt: readonly Pointer[];
  /**
   * What every client of the vendor says, in small letters: a caller's own passes, and where none is said this goes;
   * null: it only passes.
   */
  readonly headers?: Readonly<Record<string, string | null>> | undefined;
  readonly pace: Pace;
  /** Questions that cost nothing and concern no job: they tell whether a key is good, and two providers apart. */
  readonly free: readonly FreeQuestion[];
  readonly error: ErrorRule;
}

/** Our refusals in the vendor's shape. */
export interface ErrorRule {
  /** In its texts `{sentence}`, `{code}`, `{status}`, `{request_id}`, `{path}` and the names of `by` are filled in; one that is nothing else becomes the value itself. */
  readonly body: unknown;
  /** A name → what it is by the status of ours: `404`, else `4xx` or `5xx`. */
  readonly by?: Readonly<Record<string, Readonly<Record<string, string | number>>>> | undefined;
}

/** RFC 6901; `*` stands for every member of a list. */
export type Pointer = string;

export interface RequestRule {
  readonly method: string;
  /** `{name}` is one part, `{name*}` whatever follows, also nothing. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** One of these stands in its body. */
  readonly where?: { readonly at: Pointer; readonly is: readonly string[] } | undefined;
}

export interface CreateRule extends RequestRule {
  /** Where its answer names the job: the first that is there. */
  readonly id: readonly Pointer[];
  /** Its model, where the path says it: `{owner}/{app}`. Left out: the body does, at `modelAt`. */
  readonly model?: string | undefined;
  /** What of its body it takes to ask for the job. */
  readonly keep?: Readonly<Record<string, Pointer>> | undefined;
  /** How the job is asked for without its caller; `{name}` is what was kept or captured, `{id}` the job's. */
  readonly follow: Asking;
  readonly cancel?: Asking | undefined;
}

export interface Asking {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
}

/** Its path names no job. */
export interface FreeQuestion extends Asking {
  /** What callers' clients say beside, in small letters. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Its answer tells whether our key is good: a 2xx says so, and what stands here. */
  readonly key?: LetIn | undefined;
  /** Two providers are not told apart by it. */
  readonly shape?: false | undefined;
}

/** What else than a 2xx is said to a key that is good. */
export interface LetIn {
  readonly statuses?: readonly number[] | undefined;
  readonly word?: string | undefined;
}

export interface PollRule extends RequestRule {
  readonly does: 'status' | 'result' | 'cancel' | 'other';
  readonly idAt:
    | { readonly in: 'path'; readonly name: string }
    | { readonly in: 'query'; readonly name: string }
    | { readonly in: 'body'; readonly at: readonly Pointer[] };
  /** Its answer names a further job, which lives where this one does. */
  readonly makes?: readonly Pointer[] | undefined;
}

export type Phase = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled' | 'absent';

/** How the answer to a poll is read. Pointers are those of the task, unless it says otherwise. */
export interface Reading {
  /** Where the task stands in the answer: the first that is there. A list is one of tasks. */
  readonly task: readonly Pointer[];
  readonly id: readonly Pointer[];
  readonly state: readonly Pointer[];
  /** In small letters; a word that is not here says nothing. */
  readonly words: Readonly<Record<string, Phase>>;
  /** In the answer: whether it is well, where it says so at all. */
  readonly isOk?: { readonly at: Pointer; readonly is: readonly (string | number)[] } | undefined;
  /** In the answer: not there yet. */
  readonly notYet?: { readonly at: readonly Pointer[]; readonly is: readonly string[] } | undefined;
  /** In the answer: the job failed, whatever else it says. */
  readonly failed?: { readonly at: Pointer; readonly is: readonly (string | number)[] } | undefined;
  /** A list in the answer of tasks that failed. */
  readonly failures?: Pointer | undefined;
  /** Of the task, and after that of the answer. */
  readonly error: readonly Pointer[];
  /** A task that has ended and has this failed. */
  readonly failedIf?: Pointer | undefined;
  readonly progress?: Pointer | undefined;
  /** `usdPer`: US dollars for one of it; null: not known. */
  readonly cost?: { readonly at: readonly Pointer[]; readonly usdPer: number | null } | undefined;
  readonly outputs: readonly Pointer[];
  readonly kind: 'video' | 'image' | 'audio' | 'file';
}

export interface Pace {
  readonly firstMs: number;
  readonly floorMs: number;
  readonly mostMs: number;
  readonly ageLimitMs: number;
}
