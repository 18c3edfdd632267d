import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stateNames } from './states';

export const help = `npm run screenshots [-- --state all] [--page split] [--width 1280] [--theme light] [--locale en-US] [--screen] [--to DIR]

Without options: renews the pictures of README and docs.
With any option: every state of a rollout, each of its pages × width × theme × language, into a folder, to be looked at,
and a sheet of each state that shows them together. Each option takes several, with commas; left out, it means all.
--state   ${stateNames.join(' ')}
--page    as they are named in test/lab/screenshots/states.ts: split, charts, incident, home …
--width   1280, 1600, 360
--theme   light, dark
--locale  en-US, zh-CN
--screen  only what the first screen shows, not the whole page
--to      where the pictures go (default ${join(tmpdir(), 'sluice-screens')})
`;

const widths = ['1280', '1600', '360'] as const;
const themes = ['light', 'dark'] as const;
const locales = ['en-US', 'zh-CN'] as const;

export type Theme = (typeof themes)[number];
export type Locale = (typeof locales)[number];

export interface Wanted {
  readonly states: readonly string[];
  /** null: each page that a state has. */
  readonly pages: readonly string[] | null;
  readonly widths: readonly number[];
  readonly themes: readonly Theme[];
  readonly locales: readonly Locale[];
  readonly isWhole: boolean;
  readonly to: string;
}

/** null: the pictures of README and docs. */
export function readOptions(args: readonly string[]): Wanted | null | 'help' {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ state: text, page: text, width: text, theme: text, locale: text, to: text },
      ...{ screen: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    },
  });
  if (values.help) return 'help';
  if (Object.keys(values).length === 0) return null;
  const { state, page, width, theme, locale, screen, to } = values;
  return {
    states: several('state', state, stateNames),
    pages: page === undefined || page === 'all' ? null : page.split(','),
    widths: several('width', width, widths).map(Number),
    themes: several('theme', theme, themes),
    locales: several('locale', locale, locales),
    isWhole: screen !== true,
    to: to ?? join(tmpdir(), 'sluice-screens'),
  };
}

function several<Name extends string>(what: string, said: string | undefined, all: readonly Name[]): readonly Name[] {
  if (said === undefined || said === 'all') return all;
  const wanted = said.split(',');
  const unknown = wanted.filter((one) => !all.includes(one as Name));
  if (unknown.length > 0) throw new Error(`--${what} ${unknown.join(',')}: there are ${all.join(', ')}.`);
  return all.filter((one) => wanted.includes(one));
}
