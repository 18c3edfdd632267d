/**
 * A field's ref that tells what stands in it already: what was typed there, or filled in by the browser, before React took
 * the page over.
 */
export const asTyped = (value: string, onText: (text: string) => void) => (field: HTMLInputElement | null) => {
  if (field !== null && field.value !== value) onText(field.value);
};
