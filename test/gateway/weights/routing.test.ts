import { describe, expect, it } from 'vitest';
import { compileRouting, effectiveWeights, type RoutingRules } from '@/lib/gateway/weights/routing';
import { WeightsInMemory } from '@/lib/gateway/weights/weights-in-memory';

const rules = (configured: string[]): RoutingRules => ({
  split: 'GEN_PROVIDER_WEIGHTS',
  baseline: 'fal',
  candidates: ['runware'],
  configured,
  random: () => 0.5,
});
const both = rules(['fal', 'runware']);
const facts = (weights: Record<string, number>, version = 1) => ({
  version,
  weights,
  stage: 'D1',
  source: 'store' as const,
});

describe('routing', () => {
  it('gives the share of a provider without a key to the other', () => {
    expect(effectiveWeights({ fal: 0.9, runware: 0.1 }, both)).toEqual({ fal: 0.9, runware: 0.1 });
    expect(effectiveWeights({ fal: 0.9, runware: 0.1 }, rules(['fal']))).toEqual({ fal: 1 });
    expect(effectiveWeights({ fal: 1, runware: 0 }, rules(['runware']))).toEqual({ runware: 1 });
    expect(effectiveWeights({ fal: 1, runware: 0 }, rules([]))).toBeNull();
  });

  it('fails over to the baseline or to a provider with a share, never to another', () => {
    const order = (weights: Record<string, number>, assigned: string) =>
      compileRouting(facts(weights), both, null).order.get(assigned);
    expect(order({ fal: 0.9, runware: 0.1 }, 'runware')).toEqual(['runware', 'fal']);
    expect(order({ fal: 0.9, runware: 0.1 }, 'fal')).toEqual(['fal', 'runware']);
    expect(order({ fal: 1, runware: 0 }, 'fal')).toEqual(['fal']);
    expect(order({ fal: 0, runware: 1 }, 'runware')).toEqual(['runware', 'fal']);
  });

  it('keeps its picker when a new version says the same', () => {
    const first = compileRouting(facts({ fal: 0.9, runware: 0.1 }), both, null);
    const second = compileRouting(facts({ runware: 0.1, fal: 0.9 }, 2), both, first);
    expect(second.version).toBe(2);
    expect(second.picker).toBe(first.picker);
  });
});

const names = { baseline: 'fal', candidates: ['runware'], registered: ['fal', 'runware'], deprecated: [] };

describe('the weights in memory', () => {
  const make = () => new WeightsInMemory(names, both, () => 0);
  const row = (version: number, runware: number) => ({
    version,
    text: JSON.stringify({ fal: 1 - runware, runware }),
    stage: null,
  });

  it('are the baseline before anybody said anything', () => {
    expect(make().routing).toMatchObject({ version: null, weights: { fal: 1, runware: 0 }, source: 'default' });
    expect(make().ageMs()).toBeNull();
  });

  it('never go back', () => {
    const weights = make();
    expect(weights.offer(row(5, 0.5))).toBe('taken');
    expect(weights.offer(row(4, 0.1))).toBe('older');
    expect(weights.offer(row(5, 0.5))).toBe('same');
    expect(weights.routing).toMatchObject({ version: 5, weights: { runware: 0.5 } });
  });

  it('follow a store that was restored, once it has said so for three seconds', () => {
    let nowMs = 0;
    const weights = new WeightsInMemory(names, both, () => nowMs);
    weights.offer(row(50, 0.5));
    expect(weights.offer(row(7, 0.1))).toBe('older');
    nowMs = 2000;
    expect(weights.offer(row(50, 0.5))).toBe('same');
    expect(weights.offer(row(7, 0.1))).toBe('older');
    nowMs = 4999;
    expect(weights.offer(row(7, 0.1))).toBe('older');
    nowMs = 5000;
    expect(weights.offer(row(7, 0.1))).toBe('taken');
    expect(weights.routing).toMatchObject({ version: 7, weights: { runware: 0.1 } });
  });

  it('notice another text under the same version, which no trigger has seen', () => {
    const weights = make();
    weights.offer(row(5, 0.5));
    expect(weights.offer({ version: 5, text: '{"fal":7}', stage: null })).toBe('rejected');
    expect(weights.routing).toMatchObject({ version: 5, weights: { runware: 0.5 } });
    expect(weights.offer(row(5, 0.2))).toBe('taken');
  });

  it('of a file give way to any row of the store', () => {
    const weights = make();
    expect(weights.offerFile(row(900, 0.5))).toBe('taken');
    expect(weights.offer(row(3, 0.1))).toBe('taken');
    expect(weights.offerFile(row(901, 0.5))).toBe('older');
    expect(weights.routing).toMatchObject({ version: 3, source: 'store' });
  });

  it.each([
    '',
    'null',
    '[]',
    '{"fal":2,"runware":-1}',
    '{"fal":1}',
    '{"fal":0.9,"runwear":0.1}',
    '{"fal":0.9,"runware":0.2}',
  ])('stay the last good ones when the store holds %j', (text) => {
    const weights = make();
    weights.offer(row(1, 0.1));
    expect(weights.offer({ version: 2, text, stage: null })).toBe('rejected');
    weights.offer({ version: 2, text, stage: null });
    expect(weights.rejected).toBe(1);
    expect(weights.fault).toContain('version 2');
    expect(weights.routing).toMatchObject({ version: 1, weights: { runware: 0.1 } });
    expect(weights.offer(row(3, 0.2))).toBe('taken');
    expect(weights.fault).toBeNull();
  });

  it('follow the policy and the registry in who is who', () => {
    const weights = make();
    weights.learn({ ...names, baseline: 'runware', candidates: ['fal'] });
    expect(weights.routing).toMatchObject({ weights: { runware: 1, fal: 0 }, source: 'default' });
    weights.offer({ version: 1, text: '{"fal":0.1,"runware":0.8,"third":0.1}', stage: null });
    expect(weights.fault).toContain('third');
    weights.learn({ ...names, registered: ['fal', 'runware', 'third'] });
    weights.offer({ version: 1, text: '{"fal":0.1,"runware":0.8,"third":0.1}', stage: null });
    expect(weights.fault).toBeNull();
    // Registered, but without code here: its share goes to the baseline.
    expect(weights.routing.effective?.fal).toBeCloseTo(0.2);
  });

  it('stay when the row is gone', () => {
    const weights = make();
    weights.offer(row(1, 0.1));
    expect(weights.offer(null)).toBe('missing');
    expect(weights.missing).toBe(true);
    expect(weights.routing.weights.runware).toBe(0.1);
  });
});
