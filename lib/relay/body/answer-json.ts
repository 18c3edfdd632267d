import { jsonOf } from '@/lib/gateway/providers/outcome';

/** In JSON a text, or a number. */
const textOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/** What a provider answers: ids of 64 bits stay as they were written, and a mark before it all says nothing. */
export function answerJson(text: string): unknown {
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text;
  return jsonOf(/\d{16}/.test(plain) ? plain.replace(textOrNumber, (found) => asText(found)) : plain);
}

const asText = (found: string) =>
  /^-?\d{16,}$/.test(found) && !Number.isSafeInteger(Number(found)) ? `"${found}"` : found;
