import fc from 'fast-check';
import type { Sql } from '@/lib/postgres/sql';
import type { Policy } from '@/lib/split/policy/policy';
import { atRest } from '@/lib/split/stages';
import type { RolloutState } from '@/lib/split/state';
import { shareOf, type Weights } from '@/lib/split/weights';

/** Which of a few providers each arm is at, the baseline often alone, and whether a model is pinned to it. */
export const places = fc.record({
  at: fc.tuple(fc.nat(6), ...Array.from({ length: 8 }, () => fc.nat(3))),
  pinned: fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
});
export interface Places {
  readonly at: readonly number[];
  readonly pinned: readonly boolean[];
}

type RegistryMove = (typeof registryMoves)[number];

export const registryMoves = ['turn', 'turn', 'turn back', 'move', 'archive', 'unarchive'] as const;

/** A provider as it is registered; what is not active takes no share that it did not have. */
type ProviderState = 'active' | 'off' | 'draining';

/** One split, its arms and their providers, and what the database must say against a change of them. */
export class RandomRegistry {
  private readonly states = new Map<string, ProviderState>();
  private readonly at = new Map<string, string>();
  private archived = false;

  constructor(
    private readonly sql: Sql,
    readonly key: string,
    private readonly arms: readonly string[],
  ) {}

  async register(slug: string, { at, pinned }: Places): Promise<void> {
    const { sql, key, arms } = this;
    await sql`insert into sluice.splits (key, slug, kind, label) values (${key}, ${slug}, 'image', 'Random')`;
    for (const [i, arm] of arms.entries()) {
      const provider = `${slug}-${at[i]}`;
      this.at.set(arm, provider);
      this.states.set(provider, 'active');
      await sql`
        insert into sluice.providers (name, label, adapter, deprecated) values (${provider}, 'One', 'openai', ${at[i] === 1})
        on conflict do nothing`;
      const model = pinned[i] ? `model-${i}` : null;
      await sql`
        insert into sluice.arms (split, name, provider, model, params)
        values (${key}, ${arm}, ${provider}, ${model}, jsonb_build_object('steps', ${i}::int))`;
    }
  }

  /** What is to be refused of weights that are good in themselves. */
  refusalOf(weights: Weights, { weights: was }: Pick<RolloutState, 'weights'>, plan: Policy): RegExp | null {
    if (this.archived && !atRest(weights, plan)) return /^the split is archived/;
    const most = (arm: string) => Math.max(shareOf(was, arm), shareOf(plan.rollback, arm));
    const isRefused = this.arms.some((arm) => this.isAway(this.at.get(arm)) && shareOf(weights, arm) > most(arm));
    return isRefused ? /takes no share: its provider \S+ is (off|draining)/ : null;
  }

  /** Makes the change, and tells what it did not expect; null where all is as it must be. */
  async change(kind: RegistryMove, n: number, state: RolloutState, plan: Policy) {
    const { sql, key, arms } = this;
    const arm = arms[n % arms.length] ?? '';
    const provider = this.at.get(arm) ?? '';
    const isNeeded = (each: string) => each === plan.baseline || shareOf(state.weights, each) > 0;
    if (kind === 'archive' || kind === 'unarchive') {
      const becomes = kind === 'archive';
      if (becomes === this.archived) return null;
      const isStranded = arms.some((each) => isNeeded(each) && this.isAway(this.at.get(each)));
      const rests = ['baseline', 'rolled_back'].includes(state.stage);
      const refusal = becomes ? (rests ? null : /only a split at rest/) : isStranded ? /state to active first/ : null;
      const said = await saidOf(
        sql`update sluice.splits set archived_at = ${becomes ? sql`now()` : null} where key = ${key}`,
      );
      if (said === null) this.archived = becomes;
      return unexpected(said, refusal);
    }
    if (kind === 'move') {
      const to = [...this.states.keys()][n % this.states.size] ?? '';
      const isServing = shareOf(state.weights, arm) > 0;
      const strands = arm === plan.baseline && this.isAway(to);
      const refusal =
        to === provider ? null : isServing ? /it serves traffic/ : strands ? /state to active first/ : null;
      const said = await saidOf(sql`update sluice.arms set provider = ${to} where split = ${key} and name = ${arm}`);
      if (said === null) this.at.set(arm, to);
      return unexpected(said, refusal);
    }
    const becomes = kind === 'turn back' ? 'active' : n % 2 === 0 ? 'off' : 'draining';
    const isNeededThere = arms.some((each) => this.at.get(each) === provider && isNeeded(each));
    const refusal = becomes !== 'active' && !this.archived && isNeededThere ? /still needs it/ : null;
    const said = await saidOf(sql`update sluice.providers set state = ${becomes} where name = ${provider}`);
    if (said === null) this.states.set(provider, becomes);
    return unexpected(said, refusal);
  }

  private isAway(provider: string | undefined): boolean {
    return (this.states.get(provider ?? '') ?? 'active') !== 'active';
  }
}

const saidOf = (statement: PromiseLike<unknown>): Promise<string | null> =>
  Promise.resolve(statement).then(
    () => null,
    (error: Error) => error.message,
  );

function unexpected(said: string | null, refusal: RegExp | null): string | null {
  const isExpected = refusal === null ? said === null : said !== null && refusal.test(said);
  return isExpected ? null : `${said ?? 'it was let through'}, and expected was ${refusal ?? 'nothing'}`;
}
