import { describe, expect, it } from 'vitest';
import { models } from '@/lib/doctor/checks/models';
import type { Instruments } from '@/lib/doctor/diagnosis';

const knowing = (tables: Readonly<Record<string, readonly string[]>>) =>
  ({
    providers: Object.entries(tables).map(([name, known]) => ({ name, models: known })),
  }) as unknown as Instruments;
const signal = new AbortController().signal;

describe('model aliases', () => {
  it('that one provider does not know are a problem, named with the place to add them', async () => {
    const [finding, ...rest] = await models(
      knowing({ fal: ['flux-dev', 'flux-schnell'], runware: ['flux-schnell'] }),
      signal,
    );
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({ status: 'problem', what: 'the alias flux-dev is not known to runware' });
    expect(finding?.fix).toContain('providers/runware/models.ts');
  });

  it('that both know are well', async () => {
    const found = await models(knowing({ fal: ['flux-dev'], runware: ['flux-dev'] }), signal);
    expect(found.map(({ status }) => status)).toEqual(['ok']);
  });
});
