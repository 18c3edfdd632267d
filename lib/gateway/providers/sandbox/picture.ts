/** A little picture that says what made it and from what; everything it shows travels in its own URL. */
interface Picture {
  readonly provider: string;
  readonly prompt: string;
  readonly width: number;
  readonly height: number;
  readonly seed: number;
}

const lineLength = 28;
const longestPrompt = 120;

export function pictureUrl(origin: string, { provider, prompt, width, height, seed }: Picture): string {
  const short = [...prompt].slice(0, longestPrompt).join('');
  const query = new URLSearchParams({ prompt: short, width: String(width), height: String(height) });
  return `${origin}/images/${provider}-${seed}.svg?${query}`;
}

/** null when the URL is not one of ours. */
export function readPictureUrl(url: URL): Picture | null {
  const [, provider, seed] = /^\/images\/([a-z]+)-(\d+)\.svg$/.exec(url.pathname) ?? [];
  if (!provider || !seed) return null;
  const side = (name: string) => Math.min(4096, Math.max(1, Math.floor(Number(url.searchParams.get(name)) || 512)));
  const prompt = (url.searchParams.get('prompt') ?? '').slice(0, 2 * longestPrompt);
  return { provider, seed: Number(seed), prompt, width: side('width'), height: side('height') };
}

export function drawPicture({ provider, prompt, width, height, seed }: Picture): string {
  const hue = seed % 360;
  const lines = [`${provider} (sandbox)`, ...wrap(prompt), `seed ${seed}`];
  const texts = lines.map((line, i) => `<text x="20" y="${40 + i * 24}">${escapeXml(line)}</text>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 400 300">`,
    `<rect width="400" height="300" fill="hsl(${hue} 60% 30%)"/>`,
    `<circle cx="${60 + (seed % 280)}" cy="${60 + (seed % 180)}" r="90" fill="hsl(${(hue + 140) % 360} 60% 45%)"/>`,
    `<g fill="#fff" font-family="ui-monospace, monospace" font-size="18">${texts.join('')}</g></svg>`,
  ].join('');
}

function wrap(text: string): string[] {
  const characters = [...text.replace(/\s+/g, ' ')];
  const lines: string[] = [];
  for (let at = 0; at < characters.length; at += lineLength) {
    lines.push(characters.slice(at, at + lineLength).join(''));
  }
  return lines;
}

function escapeXml(text: string): string {
  const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => named[character] ?? '').replace(/[^\P{Cc}]/gu, '');
}
