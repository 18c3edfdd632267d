import { type Check, ok, problem } from './finding';

const how = 'read the environment and the .env files as a start would';

export const environment: Check = async ({ environment: faults }) =>
  faults.length === 0
    ? [ok('environment', 'every key is well formed', how)]
    : faults.map(({ key, sentence }) => problem('environment', `${key} ${sentence}`, how, fixOf(key, sentence)));

function fixOf(key: string, sentence: string): string {
  if (sentence.includes('not read')) return `rename ${key}, or remove it`;
  if (sentence.includes('path') || sentence.includes('slash')) return `set ${key} to the origin alone, https://host`;
  if (/quotation|empty|space|placeholder|line break/.test(sentence)) {
    return `set ${key} to the bare value, without quotes or blanks, or remove the line`;
  }
  return `correct ${key} and start again`;
}
