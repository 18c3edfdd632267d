import type { ChannelsImported } from '@/lib/as-code/new-api/import-channels';

const mostShown = 200;

/** What came of a dump: how much of it, what was left out, and what is not as it was. */
export function importedLines({ from, channels, providers, splits, notes }: ChannelsImported): string[] {
  const left = notes.filter(({ isLeftOut }) => isLeftOut);
  const other = notes.filter(({ isLeftOut }) => !isLeftOut);
  const splitText =
    splits.length === 0 ? 'no split' : `${splits.length === 1 ? 'the split' : 'the splits'} ${splits.join(', ')}`;
  return [
    `Of ${channels} channels of ${from}: ${providers.length} providers, ${splitText}; ${left.length} left out.`,
    ...section('Left out, for want of an equal:', left),
    ...section('Not as it was:', other),
  ];
}

function section(title: string, notes: ChannelsImported['notes']): string[] {
  if (notes.length === 0) return [];
  const more = notes.length > mostShown ? [`  and ${notes.length - mostShown} more`] : [];
  return [title, ...notes.slice(0, mostShown).map(({ of, what }) => `  ${of}: ${what}`), ...more];
}

/** Whose keys there are to be stored. */
export function keyLines({ providers }: ChannelsImported): string[] {
  const held = providers.filter(({ key }) => key !== null).length;
  const none = providers.filter(({ key }) => key === null).map(({ name }) => name);
  return [
    ...(held > 0
      ? [`The dump holds keys of ${held} of them: --keys seals them here; else sluice keys set NAME asks for each.`]
      : []),
    ...(none.length > 0
      ? [
          `Without a key that can be used: ${none.slice(0, 20).join(', ')}${none.length > 20 ? ' …' : ''}; sluice keys set NAME.`,
        ]
      : []),
  ];
}
