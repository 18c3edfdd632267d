import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { unwrapWoff } from './woff';

const fonts = dirname(createRequire(import.meta.url).resolve('@fontsource/noto-sans-sc/package.json'));
const files = ['latin', 'chinese-simplified'].flatMap((set) =>
  [400, 600].map((weight) => `noto-sans-sc-${set}-${weight}-normal.woff`),
);

/**
 * A machine without fonts draws empty pages. The browser package brings Latin, this adds Chinese; the product itself
 * names system fonts and ships none. Returns the environment that makes fontconfig see both.
 */
export function fontEnvironment(folder: string): Record<string, string> {
  const chinese = join(folder, 'chinese');
  mkdirSync(chinese, { recursive: true });
  for (const file of files) {
    const target = join(chinese, file.replace(/woff$/, 'ttf'));
    if (!existsSync(target)) writeFileSync(target, unwrapWoff(readFileSync(join(fonts, 'files', file))));
  }
  const config = join(folder, 'sluice-fonts.conf');
  writeFileSync(
    config,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <dir>${chinese}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, 'font-cache')}</cachedir>
  <alias><family>Noto Sans SC</family><prefer><family>Noto Sans SC Thin</family></prefer></alias>
  <alias><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>
`,
  );
  return { FONTCONFIG_FILE: config };
}
