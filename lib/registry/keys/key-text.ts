import { secretFault } from '@/lib/config/env-rules';
import { Refusal } from '@/lib/kernel/refusal';

const mostCharacters = 2048;
const leastShown = 12;

/** A key as it was given, without the blanks and line breaks around it; refused when it cannot be one. */
export function keyText(given: string): string {
  const text = given.trim();
  const fault = text === '' ? 'nothing was given' : (tooLong(text) ?? secretFault(text));
  if (fault === null) return text;
  throw new Refusal('key-invalid', `No key was stored: ${fault === 'nothing was given' ? fault : `the key ${fault}`}.`);
}

function tooLong(text: string): string | null {
  return text.length > mostCharacters ? `has ${text.length} characters; it may have ${mostCharacters}` : null;
}

/** Enough to tell two keys apart, never enough to use one. */
export function hintOf(key: string): string {
  return key.length < leastShown ? '' : key.slice(-4);
}
