/** Where a dump cannot be read; never what stands there. */
export class DumpFault extends Error {
  override readonly name = 'DumpFault';
}

/** Walks over the text of a dump: quotes, comments and blocks of data are passed as what they are. */
export class SqlText {
  at = 0;

  constructor(
    readonly text: string,
    /** MySQL: a backslash in quotes takes the next sign with it. */
    readonly hasBackslashes: boolean,
  ) {}

  get isOver(): boolean {
    return this.at >= this.text.length;
  }

  fault(why: string): DumpFault {
    let line = 1;
    for (let at = this.text.indexOf('\n'); at >= 0 && at < this.at; at = this.text.indexOf('\n', at + 1)) line += 1;
    return new DumpFault(`line ${line} ${why}`);
  }

  /** Blanks and comments; a line that is an order to psql is one. */
  skipBlanks(): void {
    // With its backslashes MySQL alone has this kind of comment.
    const blank = this.hasBackslashes ? /\s+|--[^\n]*|#[^\n]*/y : /\s+|--[^\n]*/y;
    for (;;) {
      blank.lastIndex = this.at;
      if (blank.test(this.text)) this.at = blank.lastIndex;
      else if (this.text.startsWith('/*', this.at)) this.skipRemark();
      else return;
    }
  }

  /** The words that stand here, in small letters; they are passed only when all of them do. */
  takes(...words: readonly string[]): boolean {
    const from = this.at;
    for (const word of words) {
      this.skipBlanks();
      const end = this.at + word.length;
      const stands = this.text.slice(this.at, end).toLowerCase() === word && !/\w/.test(this.text[end] ?? '');
      if (!stands) {
        this.at = from;
        return false;
      }
      this.at = end;
    }
    return true;
  }

  sign(sign: string): boolean {
    this.skipBlanks();
    if (this.text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }

  /** A name with or without its quotes; null: there is none here. */
  identifier(): string | null {
    this.skipBlanks();
    const quote = this.text[this.at] ?? '';
    if (quote === '`' || quote === '"') return this.quoted(quote);
    const word = /[A-Za-z_][\w$]*/y;
    word.lastIndex = this.at;
    const found = word.exec(this.text)?.[0] ?? null;
    if (found !== null) this.at += found.length;
    return found;
  }

  /** The last part of a name such as `public.channels`. */
  tableName(): string | null {
    let name = this.identifier();
    while (name !== null && this.sign('.')) name = this.identifier();
    return name;
  }

  /** What stands between two of a quote; doubled, it stands for itself. */
  quoted(quote: string, hasBackslashes = this.hasBackslashes && quote !== '`'): string {
    const pieces: string[] = [];
    let from = this.at + 1;
    for (let at = from; ; at += 1) {
      const sign = this.text[at];
      if (sign === undefined) throw this.fault('begins something in quotes that never ends');
      if (sign === '\\' && hasBackslashes) {
        pieces.push(this.text.slice(from, at), unescaped(this.text[at + 1] ?? ''));
        from = at + 2;
        at += 1;
      } else if (sign === quote) {
        pieces.push(this.text.slice(from, at));
        if (this.text[at + 1] !== quote) {
          this.at = at + 1;
          return pieces.join('');
        }
        pieces.push(quote);
        from = at + 2;
        at += 1;
      }
    }
  }

  /** Behind the end of the statement. */
  skipStatement(): void {
    const next = /[;'"`$#]|--|\/\*/g;
    for (;;) {
      next.lastIndex = this.at;
      const found = next.exec(this.text);
      if (found === null) {
        this.at = this.text.length;
        return;
      }
      this.at = found.index;
      const [sign] = found;
      if (sign === ';') {
        this.at += 1;
        return;
      }
      if (sign === "'" || sign === '"' || sign === '`') this.quoted(sign, this.escapesAt(found.index, sign));
      else if (sign === '$') this.skipDollars();
      else this.skipComment();
    }
  }

  /** Whether a quote that begins here lets a backslash take the next sign. */
  escapesAt(at: number, quote: string): boolean {
    if (quote === "'" && /(?<!\w)e$/i.test(this.text.slice(Math.max(0, at - 2), at))) return true;
    return this.hasBackslashes && quote !== '`';
  }

  restOfLine(): string {
    const end = this.text.indexOf('\n', this.at);
    const line = this.text.slice(this.at, end < 0 ? undefined : end);
    this.at = end < 0 ? this.text.length : end + 1;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }

  private skipComment(): void {
    const from = this.at;
    this.skipBlanks();
    if (this.at === from) this.at += 1;
  }

  private skipRemark(): void {
    const end = this.text.indexOf('*/', this.at + 2);
    if (end < 0) throw this.fault('begins a remark that never ends');
    this.at = end + 2;
  }

  /** PostgreSQL's `$$ … $$`. */
  private skipDollars(): void {
    const tag = /\$(?:[A-Za-z_]\w*)?\$/y;
    tag.lastIndex = this.at;
    const found = tag.exec(this.text)?.[0];
    const end = found === undefined ? -1 : this.text.indexOf(found, this.at + found.length);
    this.at = found === undefined || end < 0 ? this.at + 1 : end + found.length;
  }
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
  Z: '\x1a',
};

const unescaped = (sign: string): string => (Object.hasOwn(escapes, sign) ? (escapes[sign] ?? sign) : sign);

/** A field of PostgreSQL's COPY; null: `\N`. */
export function copiedField(field: string): string | null {
  if (field === '\\N') return null;
  return field.replace(/\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|([\s\S]))/g, (_, octal, hex, sign) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    return hex === undefined ? unescaped(sign) : String.fromCharCode(Number.parseInt(hex, 16));
  });
}
