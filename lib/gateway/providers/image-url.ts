/** An https URL that needs no parsing to be one: a host of plain labels, neither credentials nor a port. */
const plain = /^https:\/\/(?!.*xn--)(?:[a-z\d-]+\.)+[a-z]{2,}\/[\w./~=&?-]*$/;

/** May an image URL of a provider be handed on? https only; a sandbox on loopback may name itself by http. */
export function isFitImageUrl(text: string, baseUrl: string): boolean {
  if (text.length > 2048) return false;
  if (plain.test(text)) return true;
  const url = parsed(text);
  if (!url || url.username || url.password) return false;
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && isLoopback(url) && isLoopback(new URL(baseUrl));
}

function parsed(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function isLoopback(url: URL): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
}
