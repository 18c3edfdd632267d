import type { CreateRule, PollRule, RequestRule } from '@/lib/registry/dialects/dialect';
import { readPointer } from './pointer';

/** What a refusal of ours says. */
export interface RefusalFacts {
  readonly status: number;
  /** One word: `prefix-unknown`. */
  readonly code: string;
  readonly sentence: string;
  readonly requestId: string;
  /** As it was asked for. */
  readonly path: string;
}

export type Captures = Readonly<Record<string, string>>;

export type Meaning =
  | { readonly kind: 'create'; readonly rule: CreateRule; readonly captures: Captures }
  | {
      readonly kind: 'job';
      readonly rule: PollRule;
      readonly ids: readonly string[];
      readonly captures: Captures;
    }
  /** It would tell of the jobs of others. */
  | { readonly kind: 'list'; readonly rule: RequestRule }
  /** It would be one of the others, were it spelled as they are; a provider may read it more loosely, and take it for one. */
  | { readonly kind: 'misspelt' }
  /** It asks or begins something, and does not say plainly what. */
  | { readonly kind: 'unclear'; readonly why: string }
  | { readonly kind: 'free' };

/** What a create's body gives that it takes to ask for the job. */
export function keptOf({ keep = {} }: CreateRule, body: unknown): Captures {
  return Object.fromEntries(
    Object.entries(keep).flatMap(([name, at]) => {
      const value = readPointer(body, at);
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}
