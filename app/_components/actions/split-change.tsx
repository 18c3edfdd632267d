'use client';

import { useTranslations } from 'next-intl';
import { useFormats } from '../format/use-formats';
import { SplitBar } from '../ui/split-bar';

interface SplitChangeProps {
  readonly from: Readonly<Record<string, number>>;
  readonly to: Readonly<Record<string, number>>;
  readonly baseline: string;
}

/** Before and after of a write, as bars and as words. */
export function SplitChange({ from, to, baseline }: SplitChangeProps) {
  const t = useTranslations('split');
  const { weights } = useFormats();
  return (
    <dl className="grid grid-cols-[auto_1fr] items-center gap-x-3 gap-y-2 rounded-control bg-sunken p-3 text-sm">
      {(
        [
          ['now', from],
          ['then', to],
        ] as const
      ).map(([name, split]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{t(name)}</dt>
          <dd>
            <SplitBar weights={split} baseline={baseline} />
            <span className="text-xs">{weights(split, baseline)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
