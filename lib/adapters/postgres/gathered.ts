interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes one call of many: what is asked for while calls are under way goes out together as soon as one of them ends,
 * so that many callers wait for one commit. A lone caller waits for nobody. `run` answers in the order of its items.
 */
export function gathered<Item, Answer>(
  run: (items: readonly Item[]) => Promise<readonly Answer[]>,
  { most, flights }: { readonly most: number; readonly flights: number },
): (item: Item) => Promise<Answer> {
  const waiting: Waiting<Item, Answer>[] = [];
  let flying = 0;

  async function fly(): Promise<void> {
    flying += 1;
    const group = waiting.splice(0, most);
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
      if (flying < flights) void fly();
    });
}
