'use client';

import { useTranslations } from 'next-intl';
import { useVote } from '@/app/_queries/log/comparisons';
import {
  type ComparedImage,
  type ComparisonMade,
  type ComparisonSide,
  type ComparisonSideName,
  comparisonSides,
} from '@/lib/api/comparisons-view';
import { Said } from '../format/said';
import { useFormats } from '../format/use-formats';
import { ProviderImage } from '../requests/provider-image';
import { Panel } from '../ui/panel';
import { VoteForm } from './vote-form';

interface ComparedPairProps {
  readonly made: ComparisonMade;
  readonly prompt: string;
}

/** Two images and a vote; a blind pair says whose image is whose after the vote. */
export function ComparedPair({ made, prompt }: ComparedPairProps) {
  const t = useTranslations('compare');
  const { usd } = useFormats();
  const vote = useVote();
  const now = vote.data ?? made;
  return (
    <Panel
      title={t('pairTitle', { id: made.id })}
      aside={
        <span className="text-muted text-xs">
          {made.cost_usd === null ? t('costUnknown') : t('didCost', { usd: usd(made.cost_usd) })}
        </span>
      }
    >
      <p className="mb-3 line-clamp-3 break-words text-muted text-sm">{prompt}</p>
      <ul className="grid grid-cols-2 gap-2 sm:gap-3">
        {comparisonSides.map((name) => (
          <li key={name} className="grid min-w-0 content-start gap-1.5">
            <Picture side={now.sides[name]} name={name} images={made.images[name]} />
            <SideLine side={now.sides[name]} name={name} />
          </li>
        ))}
      </ul>
      <VoteForm
        sides={now.sides}
        voted={vote.data?.votes.at(-1) ?? null}
        isSending={vote.isPending}
        problem={vote.error}
        onVote={(choice, reason) => vote.mutate({ id: made.id, choice, reason })}
      />
    </Panel>
  );
}

interface PictureProps {
  readonly side: ComparisonSide;
  readonly name: ComparisonSideName;
  readonly images: readonly ComparedImage[];
}

function Picture({ side, name, images }: PictureProps) {
  const t = useTranslations('compare');
  const [image] = images;
  const frame =
    'grid aspect-square place-items-center overflow-hidden rounded-control bg-sunken p-1 text-muted text-sm';
  if (image === undefined) {
    return (
      <div className={frame}>
        <span className="break-words text-center">
          {side.error === null ? (side.error_kind ?? t('noImage')) : <Said text={side.error} />}
        </span>
      </div>
    );
  }
  return (
    <div className={frame}>
      <ProviderImage url={image.url} alt={t('image', { side: t(`side.${name}`) })} />
    </div>
  );
}

function SideLine({ side, name }: Pick<PictureProps, 'side' | 'name'>) {
  const t = useTranslations('compare');
  const { ms, usd } = useFormats();
  const figures = [side.model, side.latency_ms === null ? null : ms(side.latency_ms)];
  const told = [...figures, side.cost_usd === null ? null : usd(side.cost_usd)].filter((each) => each !== null);
  return (
    <p className="text-sm">
      <span className="font-medium">{t(`side.${name}`)}</span>
      {': '}
      {side.arm === null ? t('hidden') : side.arm}
      {told.length > 0 && <span className="block break-all text-muted text-xs">{told.join(' · ')}</span>}
    </p>
  );
}
