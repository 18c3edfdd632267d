import { setTimeout as sleep } from 'node:timers/promises';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import { type Command, integerOption } from '../../command';
import { statusLine, statusLines } from '../../texts/status-lines';

export const watch: Command = {
  summary: 'the status, live, until Ctrl-C',
  usage: 'watch [--every SECONDS] [--for SECONDS]',
  notes: ['In a terminal the screen is redrawn; in a pipe each reading is one line (with --json one JSON line).'],
  ofSplit: true,
  options: { every: { type: 'string' }, for: { type: 'string' } },
  async run(call) {
    const everyMs = Math.max(1, integerOption(call.values, 'every', 2)) * 1000;
    const forMs = integerOption(call.values, 'for', 0) * 1000;
    const end = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end.abort());
    const control = await call.control();
    const redraw = process.stdout.isTTY && !call.json;
    for (let spentMs = 0; !end.signal.aborted; spentMs += everyMs) {
      const said = await readSnapshot(control).then(
        (shot) => (redraw ? statusLines(shot) : [call.json ? JSON.stringify(shot) : statusLine(shot)]),
        (error: unknown) => [wordsOf(call.inWords(error))],
      );
      if (redraw) process.stdout.write('\u001b[2J\u001b[H');
      for (const line of said) call.say(line);
      if (forMs > 0 && spentMs + everyMs >= forMs) break;
      await sleep(everyMs, undefined, { signal: end.signal }).catch(() => {});
    }
    return undefined;
  },
};

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
