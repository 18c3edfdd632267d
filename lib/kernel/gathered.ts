interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

interface Gathering {
  readonly most: number;
  /** Calls at once, when those under way take long. */
  readonly flights: number;
  /** So long a call may take before another goes out beside it. */
  readonly patienceMs: number;
  /** So long those that come first wait for as many as there were just now. Left out: not at all. */
  readonly companyMs?: number;
  /** What fails so fails for what is in it: each goes by itself then, so that one takes no other along. */
  readonly isOfOne?: (error: unknown) => boolean;
}

/**
 * Makes one call of many: what is asked for while a call is under way goes out together when it ends, so that many
 * callers wait for one commit. A lone caller does not wait. `run` answers in the order of its items.
 */
export function gathered<Item, Answer>(
  run: (items: readonly Item[]) => Promise<readonly Answer[]>,
  { most, flights, patienceMs, companyMs = 0, isOfOne = () => false }: Gathering,
): (item: Item) => Promise<Answer> {
  const waiting: Waiting<Item, Answer>[] = [];
  let flying = 0;
  let expected = 1;
  let overdue: NodeJS.Timeout | undefined;
  let company: NodeJS.Timeout | undefined;

  /** What still waits while calls are under way is sent by another call if those take long. */
  function watch(): void {
    if (waiting.length > 0 && flying < flights) overdue ??= setTimeout(() => void fly(), patienceMs);
  }

  /** Those who were answered just now may be back at once, with what they ask next. */
  function board(): void {
    if (companyMs === 0 || flying > 0 || waiting.length >= Math.min(expected, most)) void fly();
    else company ??= setTimeout(() => void fly(), companyMs);
  }

  async function fly(): Promise<void> {
    clearTimeout(overdue);
    clearTimeout(company);
    [overdue, company] = [undefined, undefined];
    flying += 1;
    const group = waiting.splice(0, most);
    watch();
    try {
      answer(group, await run(group.map(({ item }) => item)));
    } catch (error) {
      if (group.length > 1 && isOfOne(error)) await oneByOne(group);
      else for (const { reject } of group) reject(error);
    }
    flying -= 1;
    expected = group.length + waiting.length;
    if (waiting.length > 0) board();
  }

  /** What fails for another reason fails for all that are left: they do not each wait for it. */
  async function oneByOne(group: readonly Waiting<Item, Answer>[]): Promise<void> {
    for (const [at, one] of group.entries()) {
      try {
        answer([one], await run([one.item]));
      } catch (error) {
        one.reject(error);
        if (isOfOne(error)) continue;
        for (const { reject } of group.slice(at + 1)) reject(error);
        return;
      }
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (flying === 0) board();
      else watch();
    });
}

function answer<Item, Answer>(group: readonly Waiting<Item, Answer>[], answers: readonly Answer[]): void {
  group.forEach(({ resolve }, at) => {
    resolve(answers[at] as Answer);
  });
}
