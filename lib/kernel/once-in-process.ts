const place = Symbol.for('sluice');

/** The front and Next hold separate copies of every module; what there must be one of stands here, by its name. */
export function inProcess(): Record<string, unknown> {
  const kept = globalThis as { [place]?: Record<string, unknown> };
  kept[place] ??= {};
  return kept[place];
}

/** The one of this process, made by the first that asks for it. */
export function onceInProcess<T>(name: string, make: () => T): T {
  const kept = inProcess();
  kept[name] ??= make();
  return kept[name] as T;
}
