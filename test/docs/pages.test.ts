import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEnv } from '@/lib/config/env';

const pages = [
  'adding-a-provider',
  'architecture',
  'alerts',
  'calling',
  'config',
  'deploy',
  'events',
  'health-contract',
  'import',
  'models',
  'provider-switch-playbook',
  'recipes',
  'relay-runbook',
  'relays',
  'rule',
  'runbook',
  'scaling',
];
const read = (file: string) => readFileSync(join('docs', file), 'utf8');
const blocks = (text: string) =>
  [...text.matchAll(/^ *```(\w+)\n([\s\S]*?)```/gm)].map(([, language, body]) => [language, body]);
/** What people say differs by language; what machines read does not. */
const machine = (text: string) =>
  blocks(text).map(([language, body]) => [language, body?.replace(/--reason '[^']*'/g, '--reason')]);

describe.each(pages)('docs/%s', (page) => {
  it('exists in both languages with the same commands and the same chapters', () => {
    const [english, chinese] = [read(`${page}.md`), read(`${page}.zh-CN.md`)];
    expect(machine(chinese)).toEqual(machine(english));
    const levels = (text: string) => text.replace(/```[\s\S]*?```/g, '').match(/^#+ /gm);
    expect(levels(chinese)).toEqual(levels(english));
    expect(chinese.match(/[\u4e00-\u9fff]/g)?.length).toBeGreaterThan(300);
  });

  it('has one Chinese word for rolling back', () => {
    expect(read(`${page}.zh-CN.md`)).not.toMatch(/回滚/);
  });

  it.each([`${page}.md`, `${page}.zh-CN.md`])('%s links to files that are there', (file) => {
    const links = [...read(file).matchAll(/\]\(([^)#]+)[^)]*\)/g)]
      .map(([, to]) => to ?? '')
      .filter((to) => !to.startsWith('http'));
    expect(links.filter((to) => !existsSync(join(dirname(join('docs', file)), to)))).toEqual([]);
  });

  it('names files and scripts that exist', () => {
    const text = read(`${page}.md`);
    const scripts = Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).scripts);
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script ?? '');
    expect(named.filter((script) => !scripts.includes(script))).toEqual([]);
    const units = [...text.matchAll(/docs\/systemd\/([\w-]+\.service)/g)].map(([, unit]) => unit ?? '');
    expect(units.filter((unit) => !readdirSync('docs/systemd').includes(unit))).toEqual([]);
  });
});

describe('the environment file of docs/deploy.md', () => {
  it('is one a start accepts, with real values', () => {
    const text = blocks(read('deploy.md')).find(([language]) => language === 'ini')?.[1] ?? '';
    const lines = text.trim().split('\n');
    const env = Object.fromEntries(
      lines.map(
        (line, at) => line.replace('…', `${at}`.padStart(64, '4f1c9a7be2')).split(/=(.*)/s) as [string, string],
      ),
    );
    expect(parseEnv(env)).toMatchObject({ PORT: 3000, SLUICE_TRUST_PROXY: 1 });
  });
});
