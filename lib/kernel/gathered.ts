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
}

/**
 * Makes one call of many: what is asked for while a call is under way goes out together when it ends, so that many
 * callers wait for one commit. A lone caller does not wait. `run` answers in the order of its items.
 */
export function gathered<Item, Answer>(
  run: (items: readonly Item[]) => Promise<readonly Answer[]>,
  { most, flights, patienceMs }: Gathering,
): (item: Item) => Promise<Answer> {
  const waiting: Waiting<Item, Answer>[] = [];
  let flying = 0;
  let overdue: NodeJS.Timeout | undefined;

  /** What still waits while calls are under way is sent by another call if those take long. */
  function watch(): void {
    if (waiting.length > 0 && flying < flights) overdue ??= setTimeout(() => void fly(), patienceMs);
  }

  async function fly(): Promise<void> {
    clearTimeout(overdue);
    overdue = undefined;
    flying += 1;
    const group = waiting.splice(0, most);
    watch();
    try {
      const answers = await run(group.map(({ item }) => item));
      group.forEach(({ resolve }, at) => {
        resolve(answers[at] as Answer);
      });
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
    flying -= 1;
    if (waiting.length > 0) void fly();
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (flying === 0) void fly();
      else watch();
    });
}
