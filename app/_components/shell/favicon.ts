import type { Tone } from '../state/condition';

// The tab strip has no theme of ours: these stand on light and dark alike. Shape differs too, not colour alone.
const marks: Record<Tone, string> = {
  well: '',
  breach:
    '<circle cx="24" cy="8" r="8" fill="#d92d20"/><path d="M24 4v5M24 11.6v.4" stroke="#fff" stroke-width="2.4"/>',
  caution: '<circle cx="24" cy="8" r="8" fill="#b97a00"/><path d="M22 5v6M26 5v6" stroke="#fff" stroke-width="2.2"/>',
  unknown: '<circle cx="24" cy="8" r="8" fill="#66727d"/><path d="M20 8h8" stroke="#fff" stroke-width="2.4"/>',
};

export function favicon(tone: Tone): string {
  const gate =
    '<rect width="32" height="32" rx="7" fill="#0a6477"/><path d="M8 6v20M24 6v20" stroke="#fff" stroke-width="3"/><path d="M8 9h16v8H8z" fill="#fff"/><path d="M8 23c2.7-2.4 5.3-2.4 8 0s5.3 2.4 8 0" fill="none" stroke="#7fd6e6" stroke-width="3"/>';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${gate}${marks[tone]}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
