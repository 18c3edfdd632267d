import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestRollout, testRollout } from '../support/rollout';
import { sluiceLines } from '../support/sluice-line';

const sluiceLine = sluiceLines();

let rollout: TestRollout;
let folder: string;
beforeAll(async () => {
  rollout = await testRollout();
  folder = await mkdtemp(join(tmpdir(), 'sluice-recipes-'));
});
afterAll(async () => {
  await rollout.close();
  await rm(folder, { recursive: true });
});

const text = await readFile('docs/recipes.md', 'utf8');
const recipes = text
  .split(/^## /m)
  .slice(1)
  .map((chapter) => [chapter.split('\n')[0] ?? '', chapter] as const);
const blocks = (chapter: string) => [...chapter.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)];

describe('docs/recipes.md, word for word', () => {
  it.each(recipes)('%s', async (_, chapter) => {
    for (const [, language, body = ''] of blocks(chapter)) {
      if (language === 'yaml') await writeFile(join(folder, /^# (\S+)/.exec(body)?.[1] ?? 'x'), body);
      if (language === 'sql') expect((await rollout.sql.unsafe(body)).count).toBe(1);
      for (const line of language === 'bash' ? body.trim().split('\n') : []) {
        const args = line
          .split(' ')
          .slice(2)
          .map((word) => (word.endsWith('.yaml') ? join(folder, word) : word));
        expect(line).toMatch(/^npx sluice /);
        expect(await sluiceLine(args, { databaseUrl: rollout.database.url, env: { CI: '' } })).toMatchObject({
          code: 0,
        });
      }
    }
  });

  it('leaves what was there as it was', async () => {
    const rows = await rollout.sql`
      select flag_key as key, flag_value_text as text from feature_flags where flag_key ~ '_WEIGHTS$' order by 1`;
    expect(Object.fromEntries(rows.map(({ key, text: weights }) => [key, JSON.parse(weights)]))).toEqual({
      BANNERS_WEIGHTS: { now: 0.8, next: 0.1, other: 0.1 },
      GEN_PROVIDER_WEIGHTS: { fal: 0.9, runware: 0.1 },
      POSTERS_WEIGHTS: { new: 0, old: 1 },
      THUMBS_WEIGHTS: { fal: 0.9, runware: 0.1 },
    });
    expect(await rollout.stage()).toBe('D1');
  });
});
