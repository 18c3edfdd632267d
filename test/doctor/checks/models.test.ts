import { expect, it } from 'vitest';
import { models } from '@/lib/doctor/checks/models';
import type { Instruments } from '@/lib/doctor/diagnosis';

const knowing = (tables: Readonly<Record<string, readonly string[]>>) =>
  ({
    usualModel: 'flux-schnell',
    providers: Object.entries(tables).map(([name, known]) => ({ name, models: known })),
  }) as unknown as Instruments;
const signal = new AbortController().signal;

it('a provider without the model of a request that names none is a problem, with what adds it', async () => {
  const [finding, ...rest] = await models(knowing({ fal: ['flux-schnell'], runware: ['flux-dev'] }), signal);
  expect(rest).toEqual([]);
  expect(finding?.what).toBe('runware cannot make flux-schnell, which a request gets that names no model');
  expect(finding?.fix).toContain('sluice models set runware flux-schnell');
});

it('where all have it, all is well', async () => {
  const found = await models(knowing({ fal: ['flux-schnell'], runware: ['flux-schnell', 'flux-dev'] }), signal);
  expect(found.map(({ status }) => status)).toEqual(['ok']);
});
