import { jsonOf } from '@/lib/gateway/providers/outcome';

/** In JSON a text up to its next backslash or its end, and on from there, or a number: of what was cut off too it is read once. */
const partOrNumber = /"[^"\\]*"?|\\.[^"\\]*"?|-?\d[\d.eE+-]*/gs;

/** What a provider answers: ids of 64 bits stay as they were written, and a mark before it all says nothing. */
export function answerJson(text: string): unknown {
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text;
  return jsonOf(/\d{16}/.test(plain) ? plain.replace(partOrNumber, asText) : plain);
}

const asText = (found: string) =>
  /^-?\d{16,}$/.test(found) && !Number.isSafeInteger(Number(found)) ? `"${found}"` : found;
