'use client';

import { useTranslations } from 'next-intl';
import { useTheme } from 'next-themes';
import { useEffect, useState } from 'react';
import { Icon } from '../ui/icon';

const order = ['system', 'light', 'dark'] as const;
const icons = { system: 'screen', light: 'sun', dark: 'moon' } as const;

export function ThemeSwitch() {
  const t = useTranslations('theme');
  const { theme, setTheme } = useTheme();
  const [mounted, setMounted] = useState(false);
  // The server does not know the choice; showing it only here keeps the first paint honest.
  useEffect(() => setMounted(true), []);
  const chosen = mounted ? (order.find((name) => name === theme) ?? 'system') : 'system';
  const next = order[(order.indexOf(chosen) + 1) % order.length] ?? 'system';
  return (
    <button
      type="button"
      onClick={() => setTheme(next)}
      aria-label={t('label', { theme: t(chosen) })}
      title={t('label', { theme: t(chosen) })}
      className="grid size-8 place-items-center rounded-control text-muted hover:bg-sunken hover:text-text"
    >
      <Icon name={icons[chosen]} />
    </button>
  );
}
