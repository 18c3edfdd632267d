import { describe, expect, it } from 'vitest';
import { seededChance } from '@/lib/gateway/providers/sandbox/chance';
import { draw } from '@/lib/gateway/providers/sandbox/draw';
import { changeFaults, healthy } from '@/lib/gateway/providers/sandbox/faults';
import { drawPicture, pictureUrl, readPictureUrl } from '@/lib/gateway/providers/sandbox/picture';

describe('latency', () => {
  it('has the median and the 95th percentile it was given', () => {
    const chance = seededChance(3);
    const all = Array.from({ length: 20_000 }, () => chance.latencyMs(900, 9000)).sort((a, b) => a - b);
    expect((all[10_000] ?? 0) / 900).toBeCloseTo(1, 1);
    expect((all[19_000] ?? 0) / 9000).toBeCloseTo(1, 1);
  });

  it('is fixed when a number is given, and nothing at 0', () => {
    const chance = seededChance(3);
    expect(draw({ ...healthy(1), latencyMs: 250 }, chance).delayMs).toBe(250);
    expect(draw({ ...healthy(1), latencyMs: { median: 0, p95: 0 } }, chance).delayMs).toBe(0);
  });
});

describe('faults', () => {
  it('come as often as was said', () => {
    const chance = seededChance(9);
    const faults = changeFaults(healthy(1), { failureRate: 0.2, hang: 0.1 });
    const draws = Array.from({ length: 10_000 }, () => draw(faults, chance));
    expect(draws.filter(({ verdict }) => verdict === 'failure').length / 10_000).toBeCloseTo(0.2, 1);
    expect(draws.filter(({ wire }) => wire === 'hang').length / 10_000).toBeCloseTo(0.1, 1);
  });

  it('keep what a change does not name', () => {
    const one = changeFaults(healthy(1), { failureRate: 0.5 });
    expect(changeFaults(one, { hang: true })).toMatchObject({ failureRate: 0.5, hang: 1, cost: 1 });
  });
});

it('gives no seed twice, of which the ids of jobs are made', () => {
  const chance = seededChance(9);
  const seeds = new Set(Array.from({ length: 200_000 }, () => draw(healthy(1), chance).seed));
  expect(seeds.size).toBe(200_000);
});

describe('a picture', () => {
  const picture = { provider: 'fal', prompt: '黎明的水闸 <b> & "x"', width: 640, height: 480, seed: 7 };

  it('travels in its own URL', () => {
    expect(readPictureUrl(new URL(pictureUrl('http://127.0.0.1:1', picture)))).toEqual(picture);
    expect(readPictureUrl(new URL('http://127.0.0.1:1/images/../etc'))).toBeNull();
  });

  it('says what made it, and lets nothing out of its text', () => {
    const svg = drawPicture(picture);
    expect(svg).toContain('fal (sandbox)');
    expect(svg).toContain('黎明的水闸 &lt;b&gt; &amp; &quot;x&quot;');
    expect(svg).not.toContain('<b>');
  });

  it('has a URL of bearable length for any prompt', () => {
    expect(pictureUrl('http://127.0.0.1:1', { ...picture, prompt: '水'.repeat(5000) }).length).toBeLessThan(2048);
  });
});
