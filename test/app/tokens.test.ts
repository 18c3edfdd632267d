import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const css = readFileSync(fileURLToPath(new URL('../../app/tokens.css', import.meta.url)), 'utf8');

function tokens(selector: string): Map<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split('}')[0] ?? '';
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name = '', value = '']) => [name, value]));
}

/** Relative luminance of WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const text = [
  ...['bg', 'surface', 'sunken'].flatMap((ground) => ['text', 'muted'].map((ink) => [ink, ground])),
  ...['bg', 'surface', 'sunken'].flatMap((ground) => ['link', 'good'].map((ink) => [ink, ground])),
  ...['text', 'muted'].map((ink) => [ink, 'selected']),
  ...['accent', 'good', 'breach', 'caution'].flatMap((ink) => [
    [ink, 'surface'],
    [ink, `${ink}-soft`],
    ['text', `${ink}-soft`],
    ['muted', `${ink}-soft`],
  ]),
  ['on-accent', 'accent'],
  ['on-breach', 'breach'],
  ['on-breach', 'breach-strong'],
  ['on-accent', 'accent-strong'],
];
const shapes = ['line-strong', 'series-baseline', 'series-candidate', 'breach', 'accent'].map((ink) => [
  ink,
  'surface',
]);

describe.each([':root', '[data-theme="dark"]'])('the colours of %s', (selector) => {
  const colour = tokens(selector);
  const ratio = ([ink = '', ground = '']: string[]) => contrast(colour.get(ink) ?? '', colour.get(ground) ?? '');

  it.each(text)('%s on %s can be read: 4.5 to 1', (...pair) => {
    expect(ratio(pair)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(shapes)('%s on %s can be seen: 3 to 1', (...pair) => {
    expect(ratio(pair)).toBeGreaterThanOrEqual(3);
  });
});
