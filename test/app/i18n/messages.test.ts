import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTranslator } from 'next-intl';
import { describe, expect, it } from 'vitest';
import en from '@/app/_i18n/messages/en.json';
import zh from '@/app/_i18n/messages/zh-CN.json';

type Say = (key: string, values: Readonly<Record<string, string | number>>) => string;
type Messages = { readonly [key: string]: string | Messages };

function leaves(messages: Messages, path = ''): Map<string, string> {
  return new Map(
    Object.entries(messages).flatMap(([key, value]) =>
      typeof value === 'string' ? [[path + key, value] as const] : [...leaves(value, `${path}${key}.`)],
    ),
  );
}

const english = leaves(en);
const chinese = leaves(zh);
const app = fileURLToPath(new URL('../../../app', import.meta.url));

/** Arguments of a message: the names in braces that are not the words of a plural or of a choice. */
function argumentsOf(message: string): string[] {
  return [...message.matchAll(/(?<!(?:one|other|jobs) )\{(\w+)(?=[,}])/g)].map(([, name]) => name ?? '').sort();
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'api' ? [] : sources(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** Each `t('key')` of a file with the namespace its `t` was made with; a template's fixed beginning counts. */
function usedKeys(text: string): string[] {
  const namespaces = new Map(
    [...text.matchAll(/const (\w+) = (?:await getTranslations|useTranslations)\((?:'([\w.]+)'|(\w*))\)/g)].flatMap(
      ([, name = '', namespace, variable]) => (variable ? [] : [[name, namespace ? `${namespace}.` : ''] as const]),
    ),
  );
  return [...namespaces].flatMap(([name, namespace]) =>
    [...text.matchAll(new RegExp(`\\b${name}(?:\\.rich|\\.has)?\\(\\s*(?:'([^']+)'|\`([^\`$]*)\\$\\{)`, 'g'))].map(
      ([, key, prefix]) => namespace + (key ?? prefix ?? ''),
    ),
  );
}

describe('messages', () => {
  it('has the same keys in English and Chinese', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it.each([...english.keys()])('%s says something in both, with the same arguments', (key) => {
    expect(english.get(key)?.trim()).not.toBe('');
    expect(chinese.get(key)?.trim()).not.toBe('');
    expect(new Set(argumentsOf(chinese.get(key) ?? ''))).toEqual(new Set(argumentsOf(english.get(key) ?? '')));
  });

  it.each(['requests', 'jobs'])('speaks of one where there is one of %s', (of) => {
    const t = createTranslator({ locale: 'en', messages: en }) as unknown as Say;
    // In English a gate speaks in the server's own sentence.
    const said = [...english].flatMap(([key, message]) => {
      if (key.startsWith('blocker.code.')) return [];
      const ones = Object.fromEntries(argumentsOf(message).map((name) => [name, 1]));
      return message.includes('</') ? [] : [t(key, { ...ones, of })];
    });
    // "1 of 1 requests" is said of a whole.
    expect(
      said.filter((words) => /(?<!of |of the )\b1 (?:requests|jobs|users|callers|splits|images|alerts)\b/.test(words)),
    ).toEqual([]);
  });

  it('has every key that the components ask for', () => {
    const keys = [...english.keys()];
    const used = sources(app).flatMap((file) => usedKeys(readFileSync(file, 'utf8')));
    expect(used.length).toBeGreaterThan(150);
    expect(used.filter((key) => !english.has(key) && !keys.some((known) => known.startsWith(key)))).toEqual([]);
  });

  it('uses the words of the glossary', () => {
    expect(zh.nav.policy).toBe('策略');
    expect(zh.rollback.button).toContain('回退');
    expect(zh.pause.confirm).toBe('暂停');
    expect(zh.policy.redLines).toBe('红线');
    expect(zh.policy.stages).toBe('放量阶段');
    expect(zh.provider.role.candidate).toBe('灰度');
    // One word each, whatever else would do.
    expect([...chinese.values()].filter((words) => /候选|灰度供应商|占比|仪表盘|面板|前端进程/.test(words))).toEqual(
      [],
    );
  });
});
