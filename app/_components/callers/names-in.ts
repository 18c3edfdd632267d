/** One a line, or with commas between. */
export const namesIn = (text: string): string[] => text.split(/[\s,]+/).filter((name) => name !== '');
