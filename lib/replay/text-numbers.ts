/** Texts by number, from 1 on; 0 is none. */
export class TextNumbers {
  private readonly numbers = new Map<string, number>();
  readonly texts: string[] = [''];

  of(text: string | null): number {
    if (text === null) return 0;
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}
