import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';

const styles = `body{margin:16px;font:13px sans-serif;background:#888;display:flex;flex-wrap:wrap;gap:14px;align-items:start}
figure{margin:0}figcaption{color:#fff;margin-bottom:3px}img{display:block;max-height:760px;max-width:420px;object-fit:cover;object-position:top}`;

/** All pictures of a folder on one page, and that page as a picture beside the folder. */
export async function writeSheet(browser: Browser, folder: string, files: readonly string[]): Promise<void> {
  const figures = files
    .toSorted()
    .map((file) => `<figure><figcaption>${file}</figcaption><img src="${file}"></figure>`);
  const html = join(folder, 'index.html');
  writeFileSync(html, `<!doctype html><meta charset="utf-8"><style>${styles}</style>${figures.join('\n')}`);
  const page = await browser.newPage({ viewport: { width: 1800, height: 1000 } });
  await page.goto(pathToFileURL(html).href);
  await page.screenshot({ path: `${folder}.png`, fullPage: true });
  await page.close();
}
