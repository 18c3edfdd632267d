import type { ReactNode } from 'react';
import type { Tone } from '../state/condition';
import { classes } from './classes';
import { Icon, type IconName } from './icon';

const looks: Record<Tone, string> = {
  well: 'bg-good-soft text-good',
  breach: 'bg-breach-soft text-breach',
  caution: 'bg-caution-soft text-caution',
  unknown: 'bg-sunken text-muted',
};

interface BadgeProps {
  readonly tone: Tone;
  readonly icon?: IconName;
  readonly className?: string;
  readonly children: ReactNode;
}

export function Badge({ tone, icon, className, children }: BadgeProps) {
  return (
    <span
      className={classes(
        'inline-flex items-center gap-1 rounded-full px-2 py-0.5 font-medium text-xs whitespace-nowrap',
        looks[tone],
        className,
      )}
    >
      {icon && <Icon name={icon} className="size-3.5" />}
      {children}
    </span>
  );
}
