/** C1 is none: as in SQL. */
const control = /(?![\u0080-\u009f])\p{Cc}/u;

/** As `sluice.word_of`: a text of at most `most` characters, none of them a control character. */
export function wordOf(value: unknown, most: number): string | null {
  if (typeof value !== 'string' || value === '' || control.test(value)) return null;
  return value.length <= most || [...value].length <= most ? value : null;
}

/** The ranges of the database's event guard; what lies outside moves no metric. */
export function numberWithin(value: unknown, most: number): number | null {
  return typeof value === 'number' && value >= 0 && value <= most ? value : null;
}
