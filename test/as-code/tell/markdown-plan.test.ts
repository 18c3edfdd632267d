import { describe, expect, it } from 'vitest';
import type { Change } from '@/lib/as-code/change';
import type { Plan } from '@/lib/as-code/plan';
import { planMarkdown } from '@/lib/as-code/tell/markdown-plan';
import { planLines, type ToldPlan } from '@/lib/as-code/tell/tell-plan';

const caller: Change = {
  kind: 'change',
  row: { of: 'caller', id: ['shop'], values: { scopes: [], prefixes: [], models: [], ratePerMinute: 700 } },
  fields: [
    { field: 'ratePerMinute', was: 600, becomes: 700 },
    { field: 'prefixes', was: undefined, becomes: ['/a|b', '<img src=x>', '@everyone [x](https://evil.example)'] },
  ],
  place: null,
};
const told: ToldPlan = {
  plan: {
    ...{ file: 'sluice.yaml', changes: [caller], unlisted: [], unset: [], wanted: { prune: false } },
    state: { slugs: new Map([['GEN_PROVIDER_WEIGHTS', 'gen']]), seen: '0123456789abcdef' },
  } as unknown as Plan,
  replays: [
    {
      ...{ split: 'GEN_PROVIDER_WEIGHTS', from: '', to: '', days: 14, requests: 12_345, isShortened: false },
      was: { rollback_at: null, red_line: null },
      becomes: { rollback_at: '2026-11-20T03:04:00.000Z', red_line: 'failure_rate' },
    },
  ],
  warnings: ['gen: This policy rolls back at once.'],
  refused: null,
};

describe('a plan in words', () => {
  it('for a terminal', () => {
    expect(planLines(told)).toEqual([
      '~ caller shop',
      '    ratePerMinute: 600 → 700',
      expect.stringMatching(/^ {4}prefixes: nothing → \["\/a\|b"/),
      'policy of gen: over the last 14 days, 12345 requests: a rollback at 2026-11-20T03:04:00.000Z by failure_rate; the one that judges now: no rollback.',
      'gen: This policy rolls back at once.',
      '0 to add, 1 to change, 0 to remove. Seen: 0123456789abcdef',
    ]);
  });

  it('for a pull request: what somebody wrote makes no markup, no link, no mention and no cell', () => {
    const text = planMarkdown(told);
    expect(text).toContain('| change | caller shop | ratePerMinute | 600 | 700 |');
    expect(text).toContain(
      '| gen | 14 | 12345 | no rollback | a rollback at 2026-11-20T03:04:00.000Z by failure\\_rate |',
    );
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(6);
    expect(text).not.toMatch(/(?<!\\)[<[]|@e/);
  });
});
