/** What a key presses, by the letter that its button carries as `data-command`. */
export const commandKeys = ['r', 'a'] as const;

interface PageCommand {
  readonly text: string;
  press(): void;
}

/**
 * The buttons of this page that a command presses: so it is off where they are off, says why as they do, and the focus
 * returns to them.
 */
export function pageCommands(): PageCommand[] {
  return [...document.querySelectorAll<HTMLElement>('[data-command]')]
    .filter((button) => button.getClientRects().length > 0)
    .map((button) => ({ text: button.textContent?.trim() ?? '', press: () => pressed(button) }));
}

export function press(key: string): boolean {
  const button = document.querySelector<HTMLElement>(`[data-command="${key}"]`);
  if (button === null) return false;
  pressed(button);
  return true;
}

function pressed(button: HTMLElement): void {
  button.focus();
  button.click();
}
