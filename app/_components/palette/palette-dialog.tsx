'use client';

import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { type KeyboardEvent, useEffect, useId, useMemo, useState } from 'react';
import { useLiveSplits } from '@/app/_queries/splits';
import { isComposing } from '../lists/composing';
import { usePages } from '../shell/use-pages';
import { classes } from '../ui/classes';
import { Icon, type IconName } from '../ui/icon';
import { Modal } from '../ui/modal';
import { pageCommands } from './commands';
import { type Choice, matching } from './matching';

interface Entry extends Choice {
  readonly icon: IconName;
  readonly kind: string;
  readonly choose: () => void;
}

interface PaletteDialogProps {
  readonly onClose: () => void;
  readonly onHelp: () => void;
}

export function PaletteDialog({ onClose, onHelp }: PaletteDialogProps) {
  const t = useTranslations('palette');
  const id = useId();
  const entries = useEntries(onHelp);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const shown = matching(entries, text);
  const chosen = Math.min(at, shown.length - 1);
  // The list may be longer than the screen.
  useEffect(() => document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: 'nearest' }), [id, chosen]);
  const choose = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    // The dialog gives the focus back first, to what the next one will give it back to.
    setTimeout(entry.choose, 0);
  };
  const steer = (event: KeyboardEvent) => {
    if (isComposing(event.nativeEvent)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setAt((chosen + step + shown.length) % Math.max(1, shown.length));
    else if (event.key === 'Enter') choose(shown[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <Modal open onOpenChange={(open) => !open && onClose()} title={t('title')} description={t('hint')}>
      <div className="grid gap-2 p-3">
        <input
          data-first
          type="text"
          role="combobox"
          aria-label={t('search')}
          aria-expanded
          aria-controls={id}
          aria-activedescendant={shown[chosen] ? `${id}-${chosen}` : undefined}
          autoComplete="off"
          placeholder={t('search')}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={steer}
          className="min-h-10 rounded-control border border-line-strong bg-surface px-3"
        />
        <div id={id} role="listbox" aria-label={t('title')} className="grid max-h-[50dvh] overflow-y-auto">
          {shown.map((entry, index) => (
            // The keys are the input's.
            <button
              type="button"
              tabIndex={-1}
              key={`${entry.kind} ${entry.text}`}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === chosen}
              onClick={() => choose(entry)}
              // A list that scrolls under a hand that rests is not pointed at.
              onPointerMove={({ movementX, movementY }) => (movementX !== 0 || movementY !== 0) && setAt(index)}
              className={classes(
                'flex min-h-9 items-center gap-2 rounded-control px-3 text-left',
                index === chosen && 'bg-selected text-text',
              )}
            >
              <Icon name={entry.icon} />
              <span className="min-w-0 flex-1 truncate">{entry.text}</span>
              <span className="text-muted text-xs">{entry.kind}</span>
            </button>
          ))}
        </div>
        {shown.length === 0 && <p className="px-3 py-2 text-muted text-sm">{t('nothing')}</p>}
      </div>
    </Modal>
  );
}

function useEntries(onHelp: () => void): readonly Entry[] {
  const t = useTranslations('palette');
  const nav = useTranslations('nav');
  const router = useRouter();
  const { pages } = usePages();
  const splits = useLiveSplits();
  // As they stand when it is opened: what is pressed is looked at again then.
  const commands = useMemo(pageCommands, []);
  const go = (href: string) => () => router.push(href);
  return [
    ...commands.map(({ text, press }) => ({ text, icon: 'play' as const, kind: t('act'), choose: press })),
    ...pages.map(({ name, icon, href }) => ({ text: nav(name), icon, kind: t('page'), choose: go(href) })),
    { text: nav('settings'), icon: 'gear', kind: t('page'), choose: go('/settings') },
    ...(splits.length < 2 ? [] : splits).map(({ slug, label }) => ({
      ...{ text: label, also: slug, icon: 'forward' as const, kind: t('split'), choose: go(`/s/${slug}`) },
    })),
    { text: t('help'), icon: 'dot', kind: '?', choose: onHelp },
  ];
}
