import type { Fault } from './outcome';
import { header } from './outcome';
import type { Answered } from './upstream';

const page = /^(?:\uFEFF|\s)*<(?:!doctype\s+html|html|head|body)\b/i;
const json = /^(?:\uFEFF|\s)*[{[]/;

/**
 * A 200 that is not the agreed JSON. What matters is whether the provider can have made the image: a web page comes
 * from something in between, and another provider may be asked; an answer that was cut off, or is of another shape, may
 * stand for an image that was made and billed, and no other provider is asked.
 */
export function unreadable({ text, headers }: Answered): Fault {
  const unknown = { httpStatus: 200, started: 'unknown' } as const;
  if (page.test(text) || (/^text\/html\b/i.test(header(headers['content-type']) ?? '') && !json.test(text))) {
    const message = 'HTTP 200 with a web page: something between us and the provider answered in its place';
    return { errorKind: 'intercepted', message, httpStatus: 200, started: 'no' };
  }
  if (json.test(text) && !isJson(text)) {
    return {
      ...unknown,
      errorKind: 'truncated',
      message: `HTTP 200 with JSON that ends in the middle, at ${text.length} characters`,
    };
  }
  if (text.trim() === '') return { ...unknown, errorKind: 'malformed', message: 'HTTP 200 with an empty body' };
  return { ...unknown, errorKind: 'malformed', message: 'HTTP 200 without the agreed JSON' };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
