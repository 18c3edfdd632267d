import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { envKeys, parseEnv } from '@/lib/config/env';

const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
const lines = text.split('\n');
const examples = lines.flatMap((line) => {
  const [, key, value = ''] = /^# ([A-Z][A-Z\d_]+)=(.*)$/.exec(line) ?? [];
  return key === undefined ? [] : [[key, value] as const];
});

describe('.env.example', () => {
  it('names every variable once, and no other', () => {
    expect(examples.map(([key]) => key).sort()).toEqual([...envKeys].sort());
  });

  it('sets nothing: copied as it is, it changes nothing', () => {
    expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  });

  it('shows values that would be accepted', () => {
    const given = examples.filter(([key, value]) => value !== '' && !key.startsWith('VERCEL'));
    expect(given.length).toBeGreaterThan(20);
    expect(() => parseEnv(Object.fromEntries(given))).not.toThrow();
  });

  it('says a sentence about each, or about the block it stands in', () => {
    const silent = examples.filter(([key]) => {
      const at = lines.findIndex((line) => line.startsWith(`# ${key}=`));
      const block = lines.slice(0, at).slice(lines.slice(0, at).lastIndexOf('') + 1);
      return !block.some((line) => /^# .*[a-z]{2,}.*[.:;]?$/.test(line) && !/^# [A-Z\d_]+=/.test(line));
    });
    expect(silent.map(([key]) => key)).toEqual(['RUNWARE_API_KEY', 'RUNWARE_BASE_URL']);
  });
});
