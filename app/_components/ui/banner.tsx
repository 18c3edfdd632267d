import type { ReactNode } from 'react';
import type { Tone } from '../state/condition';
import { classes } from './classes';
import { Icon, type IconName } from './icon';

const looks: Record<Tone, string> = {
  breach: 'border-breach bg-breach-soft text-breach',
  caution: 'border-caution bg-caution-soft text-caution',
  well: 'border-good bg-good-soft text-good',
  unknown: 'bg-sunken text-muted',
};

interface BannerProps {
  readonly tone: Tone;
  readonly icon?: IconName;
  readonly title: ReactNode;
  /** What changes while it is shown stands beside what is read out, which would else be read again each time. */
  readonly now?: ReactNode;
  readonly clock?: ReactNode;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** An alert for a breach, a status for everything else. */
export function Banner({ tone, icon = 'alert', title, now, clock, actions, children }: BannerProps) {
  return (
    <div
      className={classes('flex flex-wrap items-start gap-x-4 gap-y-2 rounded-panel border px-4 py-2.5', looks[tone])}
    >
      <Icon name={icon} className="mt-0.5 size-4.5" />
      <div className="min-w-0 flex-1 basis-56">
        <div role={tone === 'breach' ? 'alert' : 'status'}>
          <p className="font-semibold">{title}</p>
          {children && <div className="text-sm text-text">{children}</div>}
        </div>
        {now && <p className="text-sm text-text">{now}</p>}
      </div>
      {clock && (
        <p role="timer" aria-live="off" className="font-semibold text-lg tabular-nums leading-6">
          {clock}
        </p>
      )}
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
