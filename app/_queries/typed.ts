type Field = HTMLInputElement | HTMLTextAreaElement;

/** Fields that somebody has written into since the page was opened, or since what they said was taken. */
const written = new Set<Field>();

/** Whose submit is being handled: what it writes is asked for before anything else happens. */
let submitted: HTMLFormElement | null = null;

if (typeof window !== 'undefined') {
  const listen = { capture: true };
  window.addEventListener('input', ({ target }) => isWords(target) && fieldsNow().add(target), listen);
  window.addEventListener(
    'submit',
    ({ target }) => {
      submitted = target instanceof HTMLFormElement ? target : null;
      setTimeout(() => {
        submitted = null;
      });
    },
    listen,
  );
}

/** Without those that are gone from the page, such as a dialog's that was cancelled. */
function fieldsNow(): Set<Field> {
  for (const field of written) if (!field.isConnected) written.delete(field);
  return written;
}

/** Whether something written would be lost by leaving: what one searches for is soon written again. */
export const hasTyped = (): boolean => [...fieldsNow()].some(({ value }) => value.trim() !== '');

/** Called as a write begins, and what it gives once that has succeeded: only what its own form said is taken then. */
export function typedInForm(): () => void {
  const form = submitted;
  const said = [...fieldsNow()].filter((field) => form !== null && field.form === form);
  const values = new Map(said.map((field) => [field, field.value]));
  return () => {
    for (const [field, value] of values) if (field.value === value) written.delete(field);
  };
}

/** What stands in no form is taken by a dialog that asks about all of it, as the policy is. */
export function typedIsSaved(): void {
  for (const field of written) if (field.form === null) written.delete(field);
}

function isWords(target: EventTarget | null): target is Field {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && target.type !== 'search';
}
