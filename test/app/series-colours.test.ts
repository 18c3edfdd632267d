import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync('app/tokens.css', 'utf8');
const themes = {
  light: css.slice(css.indexOf(':root'), css.indexOf('[data-theme="dark"]')),
  dark: css.slice(css.indexOf('[data-theme="dark"]'), css.indexOf('@theme')),
};
const tokenOf = (theme: string, name: string) => new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(theme)?.[1] ?? '';
const candidates = ['series-candidate', ...[2, 3, 4, 5, 6, 7].map((n) => `series-candidate-${n}`)];

type Triple = readonly [number, number, number];
const linear = (channel: number) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);
const lightOf = (hex: string) =>
  [1, 3, 5].map((at) => linear(Number.parseInt(hex.slice(at, at + 2), 16) / 255)) as unknown as Triple;
const luminance = ([r, g, b]: Triple) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(lightOf(a)), luminance(lightOf(b))].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** Machado, Oliveira and Fernandes 2009, at full severity. */
const eyes: Readonly<Record<string, readonly [Triple, Triple, Triple]>> = {
  all: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
const by = (rows: readonly [Triple, Triple, Triple], [a, b, c]: Triple) =>
  rows.map(([x, y, z]) => x * a + y * b + z * c) as unknown as Triple;

function oklab(light: Triple): Triple {
  const [l, m, s] = by(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    light.map((channel) => Math.min(1, Math.max(0, channel))) as unknown as Triple,
  ).map(Math.cbrt) as unknown as Triple;
  return by(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    [l, m, s],
  );
}

/** How far apart two colours are for whoever tells them apart least; 0.02 is what one just sees. */
const apart = (a: string, b: string): number =>
  Math.min(
    ...Object.values(eyes).map((eye) => {
      const [p, q] = [oklab(by(eye, lightOf(a))), oklab(by(eye, lightOf(b)))];
      return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
    }),
  );

describe.each(Object.entries(themes))('the colours of the candidates, %s', (_name, theme) => {
  const colours = candidates.map((name) => tokenOf(theme, name));

  it('stand out from the surface by 3 to 1', () => {
    for (const colour of colours) expect(contrast(colour, tokenOf(theme, 'surface')), colour).toBeGreaterThan(3);
  });

  it('are told apart by every eye, from each other and from the baseline', () => {
    const others = [tokenOf(theme, 'series-baseline'), ...colours];
    for (const [at, colour] of others.entries())
      for (const other of others.slice(at + 1))
        expect(apart(colour, other), `${colour} ${other}`).toBeGreaterThan(
          at === 0 && other === colours[0] ? 0.05 : 0.1,
        );
  });

  it('are not the red of a breach', () => {
    const [red, ...rest] = [tokenOf(theme, 'breach'), ...colours].map((hex) => oklab(lightOf(hex)));
    for (const [l, a, b] of rest)
      expect(Math.hypot(l - (red?.[0] ?? 0), a - (red?.[1] ?? 0), b - (red?.[2] ?? 0))).toBeGreaterThan(0.15);
  });
});

describe.each(Object.entries(themes))('the colours that mean something, %s', (_name, theme) => {
  it('are told apart by every eye: well, a link, a breach, the candidate', () => {
    const meanings = ['good', 'link', 'breach', 'series-candidate'].map((name) => tokenOf(theme, name));
    for (const [at, one] of meanings.entries())
      for (const other of meanings.slice(at + 1)) expect(apart(one, other), `${one} ${other}`).toBeGreaterThan(0.04);
  });
});
