import { describe, expect, it } from 'vitest';
import { FileFaults, readRows } from '@/lib/as-code/plan';

/** What a person is told of a file; '' when it can be read. `$A` stands for a reference of that name. */
function told(yaml: string | Uint8Array): string {
  const bytes = typeof yaml === 'string' ? new TextEncoder().encode(yaml.replaceAll('$A', `$\{A}`)) : yaml;
  try {
    readRows('sluice.yaml', bytes);
    return '';
  } catch (error) {
    if (error instanceof FileFaults) return error.message;
    throw error;
  }
}

const split = (rest: string) => `splits:\n  video:\n    key: VIDEO_WEIGHTS\n    kind: job\n${rest}`;
const policy = (rest: string) =>
  split(
    `    policy:\n      baseline: a\n      candidate: b\n      stages: [{ name: D1, weights: { a: 0.5, b: 0.5 }, observe: 1h }]\n      rollback: { a: 1, b: 0 }\n${rest}`,
  );
const bomb = (depth: number) =>
  `a0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: depth }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`).join('\n')}\n`;

describe('a file that can be read', () => {
  it.each([
    ['one section', 'providers:\n  kling: { adapter: relay, baseUrl: https://api.kling.example }\n'],
    ['comments and an anchor', split('    arms:\n      a: &a { provider: fal } # the old one\n      b: *a\n')],
    ['a policy', policy('')],
    ['byte order mark and CRLF', '\uFEFFproviders:\r\n  kling:\r\n    label: K\r\n'],
    ['a provider that is off', 'providers:\n  kling:\n    state: off\n'],
    [
      'odd ids of models',
      'models:\n  "black-forest-labs/FLUX.1-schnell":\n    fal: { model: fal-ai/flux-pro/v1.1-ultra }\n',
    ],
    [
      'a voice with a drawn id',
      split('    arms:\n      a: { provider: fal, params: { voice: 21m00Tcm4TlvDq8ikWAM } }\n'),
    ],
  ])('%s', (_, yaml) => expect(told(yaml)).toBe(''));
});

describe('a file that cannot', () => {
  it.each([
    ['empty', '', /1:1: is empty; write what sluice export prints/],
    ['comments only', '# nothing\n', /1:1: is empty/],
    ['a list', '- a\n', /1:1: the file is \["a"\]; it must be an object with dialects, providers/],
    ['an unknown section', 'split: {}\n', /1:1: the file has the unknown key "split"; check its spelling/],
    ['an unknown key', split('    lable: V\n'), /5:5: splits\.video has the unknown key "lable"/],
    [
      'a key that is missing',
      'splits:\n  video:\n    kind: job\n',
      /2:3: splits\.video\.key is missing; it must be capitals/,
    ],
    [
      'a kind there is not',
      'splits:\n  v:\n    key: V12_WEIGHTS\n    kind: audio\n',
      /4:5: splits\.v\.kind is "audio"; it must be image/,
    ],
    [
      'a key of no split',
      split('').replace('VIDEO_WEIGHTS', 'video'),
      /3:5: splits\.video\.key is "video"; it must be capitals/,
    ],
    [
      'a slug that is none',
      split('').replace('video:', 'Video:'),
      /2:3: splits\.Video is "Video"; it must be 1 to 32 small/,
    ],
    [
      'two slugs of one key',
      `${split('')}  film:\n    key: VIDEO_WEIGHTS\n    kind: job\n`,
      /6:5: splits\.film\.key is "VIDEO_WEIGHTS", as splits\.video\.key is/,
    ],
    [
      'a slug twice',
      `${split('')}  video:\n    key: FILM_WEIGHTS\n    kind: job\n`,
      /5:3: names this key a second time/,
    ],
    [
      'nine arms',
      split(`    arms:\n${[...'abcdefghi'].map((name) => `      ${name}: { provider: fal }\n`).join('')}`),
      /5:5: splits\.video\.arms is .*; it must have at most 8 arms/,
    ],
    [
      'a prefix of two parts',
      split('    match: { prefixes: [/a/b] }\n'),
      /splits\.video\.match\.prefixes\[0\] is "\/a\/b"; it must be a path of one part/,
    ],
    [
      'YAML 1.1 booleans',
      split('    archived: yes\n'),
      /5:5: splits\.video\.archived is "yes" \(a text to YAML 1\.2\); it must be true or false/,
    ],
    ['a tab', 'splits:\n\tvideo: {}\n', /2:1: is indented with a tab; YAML takes spaces only/],
    ['a wrong indent', 'splits:\n  video:\n    kind: job\n   key: V\n', /4:1: is indented otherwise/],
    ['a list unclosed', 'callers: [\n', /is indented otherwise|is no YAML/],
    ['a quote unclosed', 'callers: "a\n', /1:\d+|2:1: is no YAML: Missing closing "quote/],
    ['two documents', 'callers: {}\n---\ncallers: {}\n', /2:1: begins a second document; the file holds one/],
    ['a tag', 'callers: !foo {}\n', /1:10: has a tag; tags are not read/],
    ['binary', 'callers: !!binary aGk=\n', /has a tag/],
    ['YAML 1.1', '%YAML 1.1\n---\ncallers: {}\n', /asks for YAML 1\.1/],
    ['hexadecimal', 'callers:\n  a:\n    ratePerMinute: 0x10\n', /3:20: is 0x10; write numbers with the digits 0 to 9/],
    [
      'a number that is infinite',
      'callers:\n  a:\n    ratePerMinute: 1e400\n',
      /3:20: is 1e400, which is no number that can be kept/,
    ],
    ['NaN', 'callers:\n  a:\n    ratePerMinute: .nan\n', /is \.nan, which is no number/],
    [
      'too many digits',
      split('    arms: { a: { provider: fal, params: { seed: 12345678901234567890 } } }\n'),
      /has more digits than can be kept/,
    ],
    [
      'a number as text',
      'callers:\n  a:\n    ratePerMinute: "60"\n',
      /3:5: callers\.a\.ratePerMinute is "60"; it must be null or a whole number/,
    ],
    ['a number as a key', 'callers:\n  5: {}\n', /2:3: is a key that is no text/],
    ['a list as a key', 'callers:\n  ? [a]\n  : {}\n', /is a key that is no text/],
    [
      '__proto__',
      split('    arms: { a: { provider: fal, params: { __proto__: { x: 1 } } } }\n'),
      /is the key "__proto__", which no name may be/,
    ],
    ['an alias of nothing', 'callers: *nope\n', /1:10: stands for "nope", which is no anchor before it/],
    ['an alias of itself', 'callers: &a\n  b: *a\n', /2:6: stands for "a", which it is a part of/],
    [
      'a merge',
      split('    arms:\n      a: &a { provider: fal }\n      b: { <<: *a }\n'),
      /splits\.video\.arms\.b has the unknown key "<<"/,
    ],
    ['billion laughs', bomb(9), /has aliases that stand for more than 50 values/],
    ['a hundred thousand brackets', '['.repeat(100_000), /1:1: is nested more than 32 deep/],
    ['fifty thousand dashes', `${'- '.repeat(50_000)}a\n`, /1:1: is nested more than 32 deep/],
    ['a NUL', 'callers: {}\0\n', /1:1: the line holds U\+0000 at character 12/],
    ['a sign that turns text', 'callers: {} # \u202e\n', /holds U\+202E/],
    [
      'an address as it is',
      'channels:\n  - kind: slack\n    url: https://example.com/x\n',
      /3:5: channels\[0\]\.url is "https:.*; it must be a variable of the environment/,
    ],
    [
      'a kind of channel',
      'channels:\n  - kind: pigeon\n    url: $A\n',
      /2:5: channels\[0\]\.kind is "pigeon"; it must be webhook/,
    ],
    [
      'two channels of a name',
      'channels:\n  - { kind: slack, url: "$A" }\n  - { kind: wecom, url: "$A" }\n',
      /channels\[1\]\.url is "\$\{A\}", as channels\[0\]\.url is/,
    ],
    [
      'a scope there is not',
      'callers:\n  a: { scopes: [all] }\n',
      /callers\.a\.scopes\[0\] is "all"; it must be generate/,
    ],
    [
      'a quota',
      'callers:\n  a: { quota: { images_per_day: 5 } }\n',
      /2:\d+: callers\.a\.quota has the unknown key "images_per_day"/,
    ],
    [
      'half a job',
      'callers:\n  a: { quota: { jobs: { in_flight: 0.5 } } }\n',
      /callers\.a\.quota\.jobs\.in_flight is 0\.5; it must be a whole number/,
    ],
    ['no scope', 'callers:\n  a: { scopes: [] }\n', /callers\.a\.scopes is \[\]; it must name a scope/],
    [
      'a fault of a policy',
      policy('      minRequests: -1\n'),
      /\d+:7: splits\.video\.policy\.minRequests is -1; it must be a whole number/,
    ],
    [
      'an unknown key of a policy',
      policy('      minRequest: 1\n'),
      /splits\.video\.policy has the unknown key "minRequest"/,
    ],
    [
      'a stage that does not rise',
      policy('').replace('a: 0.5, b: 0.5', 'a: 1, b: 0'),
      /8:46|8:\d+: splits\.video\.policy\.stages\[0\]\.weights gives b 0; it must be more/,
    ],
  ])('%s', (_, yaml, sentence) => {
    const words = told(yaml);
    expect(words).toMatch(sentence);
    for (const line of words.split('\n')) expect(line).toMatch(/^sluice\.yaml:\d+:\d+: .*\.$/);
    expect(words.length).toBeLessThan(4000);
  });

  it('not UTF-8', () => {
    expect(told(new Uint8Array([0x61, 0x3a, 0x20, 0xff, 0xfe]))).toBe(
      'sluice.yaml:1:1: is not UTF-8; save it as UTF-8.',
    );
    expect(told(Buffer.from('callers: {}', 'utf16le'))).toMatch(/U\+0000|not UTF-8/);
  });

  it('10 MB', () => {
    expect(told(new Uint8Array(10_000_000).fill(35))).toBe(
      'sluice.yaml:1:1: is 10000000 bytes long; at most 1000000 are read.',
    );
  });

  it('says every fault, not only the first', () => {
    const words = told(`${split('    lable: V\n    archived: yes\n')}callers:\n  A: {}\n  b: { scopes: [x] }\n`).split(
      '\n',
    );
    expect(words.map((line) => line.split(': ')[0])).toEqual([
      'sluice.yaml:5:5',
      'sluice.yaml:6:5',
      'sluice.yaml:8:3',
      'sluice.yaml:9:17',
    ]);
  });
});

describe('a key in the file is refused and never repeated', () => {
  const key = 'Ab3dE6gH1jK9mN2pQ4sT8vW5yZ7bC0dF';
  it.each([
    ['in a comment', `# ${key}\ncallers: {}\n`],
    ['as an option', `providers:\n  a: { options: { header: ${key} } }\n`],
    [
      'with escapes',
      `providers:\n  a: { label: "${key.replace('A', '\\x41').replace('3', '\\x33').replace('E', '\\x45')}" }\n`,
    ],
    ['by its name', 'providers:\n  a: { options: { api_key: short-one } }\n'],
    ['by its name, far down', 'providers:\n  a: { options: { headers: { Authorization: x-y } } }\n'],
    ['as a bearer', 'providers:\n  a: { label: Bearer abcd1234efgh }\n'],
    ['of FAL', 'providers:\n  a: { label: "5d3f6b7a-1c2e-4f80-9a1b-2c3d4e5f6a7b:9f8e7d6c5b4a39281706f5e4d3c2b1a0" }\n'],
    ['of OpenAI', 'providers:\n  a: { label: sk-proj-abcdefgh12345678 }\n'],
    ['in an address', 'providers:\n  a: { baseUrl: "https://me:hunter2@example.com" }\n'],
    ['in a query', 'providers:\n  a: { baseUrl: "https://example.com?api_key=abcdef123" }\n'],
    ["a channel's address", 'channels:\n  - { kind: slack, url: https://hooks.slack.com/services/T0/B0/abc }\n'],
    ["a channel's secret", 'channels:\n  - { kind: webhook, url: "$A", secret: hunter22 }\n'],
    ['where the YAML is broken', `callers: [\n${key}\n`],
    ['as a name', `callers:\n  ${key}: {}\n`],
  ])('%s', (_, yaml) => {
    const words = told(yaml);
    expect(words).toMatch(/^sluice\.yaml:\d+:\d+: holds what looks like a key or a secret, which is not shown/);
    expect(words).not.toMatch(/Ab3dE|short-one|x-y|abcd1234|5d3f6b7a|sk-proj-a|hunter|abcdef123|services|9f8e7d/);
  });
});
