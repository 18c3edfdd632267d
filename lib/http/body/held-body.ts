/** Who takes nothing of an answer for so long has gone, and would keep it in memory for ever. */
export const stalledMs = 30_000;
const pieceBytes = 64 * 1024;

/**
 * A body for a door that says nothing of an answer's end: given out piece by piece as it is read, so that its end, its
 * reader's end and a reader that stands still are all seen. Pieces are copies: one that is still on its way keeps
 * nothing of the rest.
 */
export function heldBody(body: Uint8Array, release: () => void, stillMs = stalledMs): ReadableStream<Uint8Array> {
  let rest: Uint8Array | null = body;
  let timer: NodeJS.Timeout | undefined;
  const end = () => {
    clearTimeout(timer);
    rest = null;
    release();
  };
  const watch = (controller: ReadableStreamDefaultController) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      end();
      controller.error(new Error(`nobody read on for ${stillMs} ms`));
    }, stillMs);
  };
  const source: UnderlyingDefaultSource<Uint8Array> = {
    start: watch,
    pull(controller) {
      if (rest === null || rest.length === 0) {
        end();
        return controller.close();
      }
      controller.enqueue(Uint8Array.from(rest.subarray(0, pieceBytes)));
      rest = rest.subarray(pieceBytes);
      watch(controller);
    },
    cancel: end,
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}
