import { type LevelWithSilent, symbols } from 'pino';
import type { Log } from './log';

const mostHeld = 32 * 1024;
const heldMs = 100;

/** With lines that are not written yet. */
const holding = new Set<LogOfRequests>();
let endsWithProcess = false;

type Streamed = { readonly [symbols.streamSym]: { write(text: string): void } };

/**
 * The same log for a line that comes with every request. Nothing in it is searched for secrets: who writes it puts none
 * there. It is written within a tenth of a second, with others, and before the process ends by itself: one by one, lines
 * would cost more than all the rest of a request.
 */
export class LogOfRequests {
  private lines = '';
  private timer: NodeJS.Timeout | undefined;
  /** What stands between the time and what is said. */
  private readonly bindings: string;

  constructor(private readonly log: Log) {
    this.bindings = inner(log.bindings());
    if (!endsWithProcess) process.on('exit', flushAll);
    endsWithProcess = true;
  }

  isLevelEnabled(level: LevelWithSilent): boolean {
    return this.log.isLevelEnabled(level);
  }

  info(line: object, msg: string): void {
    if (!this.log.isLevelEnabled('info')) return;
    if (this.lines === '') {
      holding.add(this);
      this.timer = setTimeout(() => this.flush(), heldMs).unref();
    }
    this.lines += `{"level":"info","time":"${timeNow()}"${this.bindings}${inner(line)},"msg":${JSON.stringify(msg)}}\n`;
    if (this.lines.length >= mostHeld) this.flush();
  }

  flush(): void {
    clearTimeout(this.timer);
    holding.delete(this);
    const { lines } = this;
    this.lines = '';
    (this.log as unknown as Streamed)[symbols.streamSym].write(lines);
  }
}

const latest = { ms: 0, text: '' };

/** Lines come many to a millisecond. */
function timeNow(): string {
  const ms = Date.now();
  if (ms !== latest.ms) Object.assign(latest, { ms, text: new Date(ms).toISOString() });
  return latest.text;
}

/** Its members, each behind a comma. */
function inner(members: object): string {
  const text = JSON.stringify(members).slice(1, -1);
  return text === '' ? '' : `,${text}`;
}

function flushAll(): void {
  for (const each of holding) each.flush();
}
