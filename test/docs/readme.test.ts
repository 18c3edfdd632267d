import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const [english, chinese] = ['README.md', 'README.zh-CN.md'].map((file) => readFileSync(file, 'utf8'));
const files = [
  ['README.md', english ?? ''],
  ['README.zh-CN.md', chinese ?? ''],
] as const;

const blocks = (text: string) => [...text.matchAll(/^```\w+\n[\s\S]*?^```$/gm)].map(([block]) => block);
const chapters = (text: string) => text.replace(/```[\s\S]*?```/g, '').match(/^#+ /gm);
const targets = (text: string) =>
  [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, to]) => to ?? '').filter((to) => !to.startsWith('http'));

describe('the README', () => {
  it('has the same commands, tables and chapters in both languages', () => {
    expect(blocks(chinese ?? '')).toEqual(blocks(english ?? ''));
    expect(chapters(chinese ?? '')).toEqual(chapters(english ?? ''));
    expect((chinese ?? '').match(/^\|/gm)?.length).toBe((english ?? '').match(/^\|/gm)?.length);
  });

  it('has one Chinese word for rolling back, as the dashboard has', () => {
    expect(chinese).not.toMatch(/回滚/);
    expect(readFileSync('app/_i18n/messages/zh-CN.json', 'utf8')).not.toMatch(/回滚/);
  });

  it.each(files)('%s leads to files that are there, and to pages of its own language', (file, text) => {
    expect(targets(text).filter((to) => !existsSync(to))).toEqual([]);
    const isTranslated = (to: string) => to.endsWith('.md') && existsSync(to.replace(/\.md$/, '.zh-CN.md'));
    const untranslated = targets(text).filter((to) => to.startsWith('docs/') && isTranslated(to));
    if (file === 'README.zh-CN.md') expect(untranslated).toEqual([]);
  });

  it('names scripts that exist', () => {
    const scripts = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).scripts);
    const named = [...(english ?? '').matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script ?? '');
    expect(named.filter((script) => !scripts.includes(script))).toEqual([]);
  });

  it('shows pictures that a slow line can load', () => {
    for (const picture of targets(english ?? '').filter((to) => to.endsWith('.png'))) {
      expect(statSync(picture).size, picture).toBeLessThan(150 * 1024);
    }
  });
});
