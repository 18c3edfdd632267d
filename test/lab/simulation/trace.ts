import { createHash } from 'node:crypto';

/** Everything that happened, in order: a seed is replayed byte for byte when its hash is the same. */
export class Trace {
  private readonly hash = createHash('sha256');
  readonly lines: string[] = [];

  constructor(private readonly keeps: boolean) {}

  say(line: string): void {
    this.hash.update(`${line}\n`);
    if (this.keeps) this.lines.push(line);
  }

  digest(): string {
    return this.hash.digest('hex').slice(0, 16);
  }
}
