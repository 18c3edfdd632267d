/** May an image URL of a provider be handed on? https only; a sandbox on loopback may name itself by http. */
export function isFitImageUrl(text: string, baseUrl: string): boolean {
  if (text.length > 2048 || !URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username || url.password) return false;
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && isLoopback(url) && isLoopback(new URL(baseUrl));
}

export function isLoopback(url: URL): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
}
