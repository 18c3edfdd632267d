type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the members that are undefined: spread over others, they would take their places. */
export function dropUndefined<T extends object>(value: T): Given<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Given<T>;
}
