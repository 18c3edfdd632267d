import type { ReactNode } from 'react';
import type { Tone } from '../state/condition';
import { classes } from './classes';
import { Icon, type IconName } from './icon';

const dots: Record<Tone, string> = {
  well: 'bg-good-soft text-good',
  breach: 'bg-breach-soft text-breach',
  caution: 'bg-caution-soft text-caution',
  unknown: 'bg-sunken text-muted',
};

export interface StoryItem {
  readonly key: string;
  readonly tone: Tone;
  readonly icon: IconName;
  readonly text: ReactNode;
}

/** What happened, in the order in which it did. */
export function StoryList({ items }: { readonly items: readonly StoryItem[] }) {
  return (
    <ol className="grid gap-3 text-sm">
      {items.map(({ key, tone, icon, text }) => (
        <li key={key} className="grid grid-cols-[auto_1fr] gap-x-3">
          <span className={classes('grid size-6 place-items-center rounded-full', dots[tone])}>
            <Icon name={icon} className="size-3.5" />
          </span>
          <div className="min-w-0">{text}</div>
        </li>
      ))}
    </ol>
  );
}
