import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isContentFault } from '@/lib/kernel/store-away';
import type { CreateEnd, Settled } from './order-writes';

interface Waiting {
  readonly end: CreateEnd;
  /** On the wall clock: another run of the process may write it. */
  readonly atMs: number;
}

interface BindingParts {
  /** null: no disk of our own, and only this process remembers. */
  readonly path: string | null;
  readonly now: () => number;
  readonly settle: (end: CreateEnd) => Promise<Settled>;
  readonly warn: (fields: object, sentence: string) => void;
}

const mostKept = 10_000;
const mostRefused = 1000;
const everyMs = 1000;
const keptForMs = 7 * 24 * 3_600_000;
const rewriteFromLines = 20_000;

/** Where jobs live that the store could not be told: kept on our disk, and written when it is back. */
export class KeptBindings {
  private readonly waiting = new Map<string, Waiting>();
  private timer: NodeJS.Timeout | null = null;
  private isReplaying = false;
  /** One line after the other: that one is done with must not come before that it waits. */
  private written: Promise<void> = Promise.resolve();

  constructor(private readonly parts: BindingParts) {}

  get size(): number {
    return this.waiting.size;
  }

  /** What the run before this one left. */
  load(): Promise<void> {
    const { path } = this.parts;
    return path === null ? this.written : this.inTurn(() => this.read(path));
  }

  private async read(path: string): Promise<void> {
    const { now } = this.parts;
    const text = await readFile(path, 'utf8').catch(() => '');
    const lines = text.split('\n');
    // Behind a line that was torn the next would be lost with it; what lacks its end alone is whole.
    if (lines.at(-1) !== '') await appendFile(path, '\n').catch(() => undefined);
    for (const line of lines) this.take(parsed(line));
    for (const [id, { atMs }] of this.waiting) if (now() - atMs > keptForMs) this.waiting.delete(id);
    if (lines.length >= rewriteFromLines) await this.rewrite(path).catch(() => undefined);
    this.start();
  }

  async keep(end: CreateEnd): Promise<void> {
    const { id, upstream_id, state } = end;
    // What never began takes no room from what did: the poller finds that out later by itself.
    if (state === 'refused' && this.waiting.size >= mostRefused) return;
    if (this.waiting.size >= mostKept) {
      this.parts.warn({ job: id, upstream_id }, 'a job is not bound: the store is away, and too many wait for it');
      return;
    }
    const waiting: Waiting = { end, atMs: this.parts.now() };
    this.waiting.set(end.id, waiting);
    this.start();
    await this.append(waiting);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  /** One try; what the store does not take waits on, unless it is refused for what is in it. */
  async replay(): Promise<void> {
    if (this.isReplaying) return;
    this.isReplaying = true;
    try {
      await Promise.all([...this.waiting.values()].slice(0, 50).map((waiting) => this.tell(waiting)));
    } finally {
      this.isReplaying = false;
    }
    if (this.waiting.size === 0) this.stop();
  }

  private async tell({ end, atMs }: Waiting): Promise<void> {
    const ago_ms = end.ago_ms + Math.max(0, this.parts.now() - atMs);
    const { id, upstream_id, state } = end;
    try {
      const isTaken = await this.parts.settle({ ...end, ago_ms });
      if (!isTaken && state !== 'refused')
        this.parts.warn({ job: id, upstream_id }, 'a job is not bound: it has ended meanwhile, or is gone');
    } catch (error) {
      if (!isContentFault(error)) return;
      // By its code alone: what the database says of it may show what is in the row.
      const { code } = error as { code?: unknown };
      const sentence =
        'a job is not bound: the database refuses what is in it; look for it at its provider by its id there';
      this.parts.warn({ job: id, upstream_id, code }, sentence);
    }
    this.waiting.delete(id);
    await this.append({ done: id });
  }

  private start(): void {
    if (this.waiting.size === 0) return;
    this.timer ??= setInterval(() => void this.replay(), everyMs).unref();
  }

  private take(line: Waiting | { readonly done: string } | null): void {
    if (line === null) return;
    if ('done' in line) this.waiting.delete(line.done);
    else if (this.waiting.size < mostKept) this.waiting.set(line.end.id, line);
  }

  /** A disk that does not take it leaves the memory: better than failing a job that was begun. */
  private append(line: Waiting | { readonly done: string }): Promise<void> {
    const { path } = this.parts;
    return path === null ? this.written : this.inTurn(() => this.write(path, line));
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    this.written = this.written.then(work);
    return this.written;
  }

  private async write(path: string, line: Waiting | { readonly done: string }): Promise<void> {
    const { warn } = this.parts;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o711 });
      await appendFile(path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
    } catch (error) {
      warn({ err: error }, 'where a job lives is only in memory: the data folder takes no file');
    }
  }

  private async rewrite(path: string): Promise<void> {
    const text = [...this.waiting.values()].map((waiting) => `${JSON.stringify(waiting)}\n`).join('');
    await writeFile(`${path}.tmp`, text, { mode: 0o600 });
    await rename(`${path}.tmp`, path);
  }
}

/** A line that is torn or damaged is skipped. */
function parsed(line: string): Waiting | { readonly done: string } | null {
  try {
    const read = JSON.parse(line) as Partial<Waiting> & { readonly done?: unknown };
    if (typeof read.done === 'string') return { done: read.done };
    const isWhole =
      typeof read.end?.id === 'string' && typeof read.end.state === 'string' && typeof read.atMs === 'number';
    return isWhole ? (read as Waiting) : null;
  } catch {
    return null;
  }
}
