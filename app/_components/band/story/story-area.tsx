'use client';

import { useTranslations } from 'next-intl';
import { useFreshness } from '@/app/_queries/server-now';
import type { Snapshot } from '@/lib/api/snapshot';
import type { RolloutAttempt } from '@/lib/api/story';
import { useFormats } from '../../format/use-formats';
import { armColour, armOrder } from '../../state/arm-colour';
import { useStageName } from '../../state/use-stage-name';
import { classes } from '../../ui/classes';
import { Instant } from '../../ui/instant';
import { EndLabel } from './end-label';
import { StoryRail } from './story-rail';
import { height, type StoryShape, storyShape, width } from './story-shape';

interface StoryAreaProps {
  readonly attempt: RolloutAttempt;
  readonly snapshot: Snapshot;
}

const percentOf = (x: number): string => `${(x / width) * 100}%`;
/** A name above the area, unless that reaches the top. */
const nameAt = (share: number): string => `min(${share * 100}%, calc(100% - 20px))`;
const narrow = 90;

/** One attempt as an area in steps, with what was over its line, who paused, and who did something. */
export function StoryArea({ attempt, snapshot }: StoryAreaProps) {
  const t = useTranslations('story');
  const stageName = useStageName();
  const { percent } = useFormats();
  const order = armOrder(snapshot);
  const shape = storyShape(attempt, snapshot, order);
  const isOver = attempt.ended !== null;
  const { isStale } = useFreshness();
  const isPast = isOver && snapshot.latched === null;
  return (
    <div className="flex h-full flex-col">
      <div className="relative min-h-0 flex-1 overflow-hidden rounded-t-control border-line-strong border-b bg-sunken">
        <Picture shape={shape} order={order} isPast={isPast} />
        {!isOver && (
          <span className="absolute top-1.5 left-1.5 rounded bg-surface/85 px-1 text-2xs text-muted">
            {t('rest', { arm: snapshot.baseline })}
          </span>
        )}
        {shape.pauses.map((pause) => (
          <div
            key={pause.x}
            title={t('paused')}
            className="absolute inset-y-0 min-w-0.5 bg-[repeating-linear-gradient(135deg,var(--caution)_0_1px,transparent_1px_7px)] opacity-60"
            style={{ left: percentOf(pause.x), width: percentOf(pause.width) }}
          />
        ))}
        {shape.stages.map(({ x, width: wide, stage, share }, index) => (
          <span
            key={x}
            className={classes(
              'absolute mb-0.5 ml-1 rounded bg-surface/85 px-1 text-2xs whitespace-nowrap',
              wide < narrow && index < shape.stages.length - 1 && 'hidden',
              // Near the right edge a name would be cut: it ends where its stage does.
              x > width * 0.85 && '-translate-x-full',
            )}
            style={{ left: percentOf(x), bottom: nameAt(share) }}
          >
            <b className="font-semibold">{stageName(stage)}</b> {percent(share)}
          </span>
        ))}
        {attempt.ended && (
          <EndLabel
            ended={attempt.ended}
            share={(Date.parse(attempt.ended.at) - shape.fromMs) / (shape.toMs - shape.fromMs)}
            isPast={isPast}
          />
        )}
      </div>
      <StoryRail marks={shape.marks} />
      <figcaption className="flex h-6 items-start justify-between gap-2 text-2xs text-muted">
        <Instant at={attempt.from} />
        <span>
          {isStale || (isOver && shape.toMs < Date.parse(snapshot.now)) ? (
            <Instant at={new Date(shape.toMs).toISOString()} />
          ) : (
            t('now')
          )}
        </span>
      </figcaption>
    </div>
  );
}

interface PictureProps {
  readonly shape: StoryShape;
  readonly order: readonly string[];
  readonly isPast: boolean;
}

function Picture({ shape, order, isPast }: PictureProps) {
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      className="absolute inset-0 size-full"
    >
      <path d={`M0,${height / 2}H${width}`} stroke="var(--line)" vectorEffect="non-scaling-stroke" />
      {shape.areas.map(({ arm, path }) => (
        <path
          key={arm}
          d={path}
          fill={isPast ? 'var(--line-strong)' : armColour(order, arm)}
          fillOpacity={isPast ? 0.45 : 0.8}
          stroke="var(--surface)"
          strokeWidth={1}
          vectorEffect="non-scaling-stroke"
        />
      ))}
      {shape.breaches.map(({ x, width: wide, breach }) => (
        <g key={`${breach.arm} ${breach.metric} ${breach.from}`}>
          <rect x={x} width={Math.max(wide, 3)} y={0} height={height} fill="var(--breach)" fillOpacity={0.22} />
          <rect x={x} width={Math.max(wide, 3)} y={0} height={2.5} fill="var(--breach)" />
        </g>
      ))}
    </svg>
  );
}
