import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReactElement } from 'react';
import type { CardView } from '@/lib/control/cards/card-view';
import { drawApart } from './draw-apart';

/** As chats expect a preview. */
const size = { width: 1200, height: 630 } as const;

const ink = { text: '#12181e', muted: '#505c67', line: '#d9dfe4', sunken: '#eef1f3', accent: '#0a6477' } as const;
const tones: Readonly<Record<CardView['tone'], string>> = {
  well: '#3a6600',
  breach: '#b3261b',
  caution: '#805300',
  unknown: ink.text,
};

/** What has room in a line at its usual size. */
const longHeading = 28;
const longValue = 11;
const mostNamedStages = 5;

type Style = Readonly<Record<string, string | number>>;
type Child = ReactElement | string;

/** PNG. Nothing is fetched: the typeface lies beside this, and what it lacks is drawn as a question mark. */
export async function drawCard(card: CardView): Promise<Uint8Array> {
  const fonts = await Promise.all(
    ([400, 600] as const).map(async (weight) => ({ name: 'Inter', data: await fontOf(weight), weight })),
  );
  return drawApart({ element: cardOf(card), options: { ...size, fonts } });
}

/** Where the process runs, as Next finds what it traces. */
async function fontOf(weight: number): Promise<ArrayBuffer> {
  const bytes = await readFile(join(process.cwd(), 'lib/doors/control/card', `inter-${weight}.woff`));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
}

function cardOf({ slug, stage, share, tone, sentence, next, plan, lines, at, isSandbox }: CardView): ReactElement {
  const isLong = stage.length + share.length > longHeading;
  const frame = { width: '100%', height: '100%', padding: '44px 56px', background: '#ffffff', color: ink.text };
  return column({ ...frame, fontFamily: 'Inter', justifyContent: 'space-between' }, [
    row({ justifyContent: 'space-between', fontSize: 28, color: ink.muted }, [
      row({ gap: 16 }, [
        text('Sluice', { color: ink.accent, fontWeight: 600 }),
        text(slug),
        ...(isSandbox ? [text('SANDBOX', { color: tones.caution, fontWeight: 600 })] : []),
      ]),
      text(at),
    ]),
    column({ gap: 8 }, [
      row({ gap: 24, alignItems: 'baseline', fontSize: isLong ? 44 : 72 }, [
        text(stage, { ...whole, fontWeight: 600, color: tone === 'breach' ? tones.breach : ink.text }),
        text(share, { ...cut, color: ink.muted, fontSize: isLong ? 34 : 54 }),
      ]),
      text(sentence, { fontSize: 32, fontWeight: 600, color: tones[tone] }),
      text(next, { fontSize: 28, color: ink.muted }),
    ]),
    row(
      { gap: 12, height: 104 },
      plan.map((planned) => stageBox(planned, plan.length > mostNamedStages)),
    ),
    row({ gap: 16 }, lines.map(lineBox)),
  ]);
}

function stageBox({ name, share, height, state }: CardView['plan'][number], isNarrow: boolean): ReactElement {
  const isReached = state === 'current' || state === 'past';
  const shown = state === 'current' ? `${share} now` : share;
  return column({ flex: 1, justifyContent: 'flex-end', gap: 6 }, [
    row({ gap: 10, fontSize: isNarrow ? 18 : 26, color: isReached ? ink.text : ink.muted }, [
      text(name, { ...cut, fontWeight: 600 }),
      ...(isNarrow ? [] : [text(shown, whole)]),
    ]),
    column({ height: 8 + Math.round(height * 52), background: isReached ? ink.accent : ink.line, borderRadius: 4 }, []),
  ]);
}

function lineBox({ name, value, limit, tone }: CardView['lines'][number]): ReactElement {
  const border = `2px solid ${tone === 'breach' ? tones.breach : ink.line}`;
  return column({ flex: 1, padding: '14px 18px', border, borderRadius: 10 }, [
    text(name, { fontSize: 20, color: ink.muted }),
    text(value, {
      ...whole,
      fontSize: value.length > longValue ? 28 : 36,
      fontWeight: 600,
      color: tone === 'well' ? ink.text : tones[tone],
    }),
    text(limit, { fontSize: 20, color: ink.muted }),
  ]);
}

const element = (style: Style, children: readonly Child[]): ReactElement =>
  ({ type: 'div', key: null, props: { style: { display: 'flex', ...style }, children } }) as ReactElement;

const row = (style: Style, children: readonly Child[]) => element(style, children);
const column = (style: Style, children: readonly Child[]) => element({ flexDirection: 'column', ...style }, children);
const whole: Style = { whiteSpace: 'nowrap', flexShrink: 0 };
/** With dots where it has no room. */
const cut: Style = {
  whiteSpace: 'nowrap',
  overflow: 'hidden',
  textOverflow: 'ellipsis',
  minWidth: 0,
};
const text = (said: string, style: Style = {}) => element(style, [drawable(said)]);

/** For a letter that the typeface lacks the renderer would ask the network for another. */
const drawable = (said: string): string =>
  said.replaceAll(/[^\u0020-\u007e\u00a0-\u00ff\u2013\u2014\u2026\u20ac]/gu, '?');
