/** Says how long a thing is taking, so that it does not look as if it hung. */
export async function withProgress<T>(
  what: string | (() => string),
  say: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const began = performance.now();
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - began) / 1000);
    say(`${typeof what === 'string' ? what : what()}: ${seconds} s …`);
  }, 10_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
