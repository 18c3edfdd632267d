/** What a client of Postgres says on one connection: which statements it runs, in their own words, and with what. */
export class Statements {
  private rest = Buffer.alloc(0);
  private isGreeted = false;
  private readonly texts = new Map<string, string>();

  /** The statements that are run by what this chunk completes. */
  read(chunk: Buffer): string[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    const run: string[] = [];
    for (let message = this.next(); message !== null; message = this.next()) {
      const { type, body } = message;
      const [first = '', second = ''] = body.toString('utf8').split('\0');
      // Parse names a statement, Bind runs it by its name, Query is both.
      if (type === 'P') this.texts.set(first, second);
      else if (type === 'B') run.push(`${this.texts.get(second) ?? ''} ${body.toString('utf8')}`);
      else if (type === 'Q') run.push(first);
    }
    return run;
  }

  private next(): { readonly type: string; readonly body: Buffer } | null {
    // The greeting alone carries no type.
    const head = this.isGreeted ? 1 : 0;
    if (this.rest.length < head + 4) return null;
    const end = head + this.rest.readUInt32BE(head);
    if (this.rest.length < end) return null;
    const type = this.isGreeted ? String.fromCharCode(this.rest[0] ?? 0) : 'greeting';
    const body = this.rest.subarray(head + 4, end);
    this.rest = this.rest.subarray(end);
    this.isGreeted = true;
    return { type, body };
  }
}
