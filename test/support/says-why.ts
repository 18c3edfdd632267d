import type { Locator } from 'playwright-core';
import { expect } from 'vitest';

/** A button that is off says why: pressed again where the page scrolled under the hand, which takes a tooltip away. */
export async function saysWhy(button: Locator, why: string): Promise<void> {
  const tooltip = button.page().getByRole('tooltip').filter({ hasText: why });
  const press = async () => {
    await button.click({ force: true });
    return tooltip.waitFor({ timeout: 2000 }).then(
      () => true,
      () => false,
    );
  };
  await expect.poll(press).toBe(true);
}
