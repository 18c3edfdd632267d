'use client';

import { useTranslations } from 'next-intl';
import { ToggleGroup } from 'radix-ui';
import { isMetricWindow, type MetricWindow, metricWindows } from './metric-range';

interface WindowSwitchProps {
  /** null: none of them is shown. */
  readonly value: MetricWindow | null;
  readonly onChange: (window: MetricWindow) => void;
}

export function WindowSwitch({ value, onChange }: WindowSwitchProps) {
  const t = useTranslations('metrics');
  return (
    <ToggleGroup.Root
      type="single"
      value={value ?? ''}
      onValueChange={(next) => isMetricWindow(next) && onChange(next)}
      aria-label={t('window')}
      className="flex rounded-control border border-line-strong bg-surface p-0.5"
    >
      {metricWindows.map((window) => (
        <ToggleGroup.Item
          key={window}
          value={window}
          className="min-h-7 min-w-9 rounded px-2 text-muted text-sm whitespace-nowrap hover:text-text data-[state=on]:bg-accent data-[state=on]:font-medium data-[state=on]:text-on-accent"
        >
          {t(`windows.${window}`)}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
