'use client';

import { useTranslations } from 'next-intl';
import { useCallback, useState } from 'react';
import { Icon } from '../ui/icon';
import { KeysHelp } from './keys-help';
import { PaletteDialog } from './palette-dialog';
import { useKeys } from './use-keys';

/** ⌘K: splits, pages and what can be done here; `?` says which keys there are. */
export function Palette() {
  const t = useTranslations('palette');
  const [open, setOpen] = useState<'palette' | 'help' | null>(null);
  const onPalette = useCallback(() => setOpen('palette'), []);
  const onHelp = useCallback(() => setOpen('help'), []);
  const close = useCallback(() => setOpen(null), []);
  useKeys({ onPalette, onHelp });
  return (
    <>
      <button
        type="button"
        onClick={onPalette}
        aria-label={t('open')}
        title={`${t('open')} (⌘K)`}
        className="grid size-8 place-items-center rounded-control text-muted hover:bg-sunken hover:text-text"
      >
        <Icon name="command" />
      </button>
      {open === 'palette' && <PaletteDialog onClose={close} onHelp={onHelp} />}
      {open === 'help' && <KeysHelp onClose={close} />}
    </>
  );
}
