/** Fields that somebody has written into since the page was opened, or since what they said was taken. */
const written = new Set<HTMLInputElement | HTMLTextAreaElement>();

if (typeof window !== 'undefined') {
  window.addEventListener('input', ({ target }) => isWords(target) && written.add(target), { capture: true });
}

/** Whether something written would be lost by leaving: what one searches for is soon written again. */
export function hasTyped(): boolean {
  for (const field of written) if (!field.isConnected) written.delete(field);
  return [...written].some(({ value }) => value.trim() !== '');
}

export const typedIsSent = (): void => written.clear();

function isWords(target: EventTarget | null): target is HTMLInputElement | HTMLTextAreaElement {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && target.type !== 'search';
}
