/** Bounds a call that may never answer; rejects when the time is over. */
export type Within = <T>(ms: number, call: Promise<T>) => Promise<T>;

const slices = 10;

/**
 * In slices: while this process itself stands still it can hear no answer, and only one slice passes. `giveUp` is
 * called when the time is over and says what the call is rejected with.
 */
export function within<T>(
  ms: number,
  call: PromiseLike<T>,
  giveUp: () => Error = () => new Error(`no answer within ${ms} ms`),
): Promise<T> {
  return new Promise((resolve, reject) => {
    let left = slices;
    const pass = () => {
      left -= 1;
      if (left > 0) timer = setTimeout(pass, ms / slices);
      else reject(giveUp());
    };
    let timer = setTimeout(pass, ms / slices);
    const settle =
      <V>(next: (value: V) => void) =>
      (value: V) => {
        clearTimeout(timer);
        next(value);
      };
    call.then(settle(resolve), settle(reject));
  });
}
