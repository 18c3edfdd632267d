'use client';

import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { FilterField } from '../lists/filter-form';
import { Button } from '../ui/button';
import { Instant } from '../ui/instant';
import { inputLook } from '../ui/reason-field';
import { isBetween, type MetricRange } from './metric-range';

interface RangeBarProps {
  readonly range: MetricRange;
  /** What is on the screen; undefined while the first picture is on its way. */
  readonly shown: { readonly from: string; readonly to: string } | undefined;
  readonly onChange: (range: MetricRange) => void;
}

/** What is shown from when to when, the way back from a zoom, and the exact times for those who do not drag. */
export function RangeBar({ range, shown, onChange }: RangeBarProps) {
  const t = useTranslations('metrics');
  const id = useId();
  const [open, setOpen] = useState(false);
  return (
    <div className="grid gap-2">
      <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 text-muted text-sm">
        {isBetween(range) && (
          <Button onClick={() => onChange({ ...range, from: null, to: null })}>
            {t('backTo', { window: t(`windows.${range.window}`) })}
          </Button>
        )}
        <Button look="plain" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
          {t('exact')}
        </Button>
        <p className="hidden text-xs md:block">{t('dragHint')}</p>
        {/* Last, for it comes last: nothing stands behind it that it could push away. */}
        <p className="min-h-5">
          {shown && (
            <>
              <Instant at={shown.from} /> – <Instant at={shown.to} utc="beside" />
            </>
          )}
        </p>
      </div>
      <div id={id} hidden={!open}>
        {open && (
          <ExactTimes
            key={`${range.from} ${range.to}`}
            from={range.from ?? shown?.from ?? ''}
            to={range.to ?? shown?.to ?? ''}
            onChange={(times) => onChange({ ...range, ...times })}
          />
        )}
      </div>
    </div>
  );
}

interface ExactTimesProps {
  readonly from: string;
  readonly to: string;
  readonly onChange: (times: { readonly from: string; readonly to: string }) => void;
}

function ExactTimes({ onChange, ...initial }: ExactTimesProps) {
  const t = useTranslations('metrics');
  const [times, setTimes] = useState({ from: initial.from.slice(0, 19), to: initial.to.slice(0, 19) });
  const field = (name: 'from' | 'to') => (
    <FilterField label={t(name)}>
      <input
        type="datetime-local"
        step={1}
        required
        value={times[name]}
        onChange={(event) => setTimes({ ...times, [name]: event.target.value })}
        className={inputLook}
      />
    </FilterField>
  );
  return (
    <form
      className="grid items-end gap-2 rounded-panel border bg-surface p-3 sm:grid-cols-[17rem_17rem_auto] sm:justify-start"
      onSubmit={(event) => {
        event.preventDefault();
        // The fields are UTC, as their labels say: a link means the same to everyone who opens it.
        onChange({ from: `${times.from.padEnd(19, ':00')}Z`, to: `${times.to.padEnd(19, ':00')}Z` });
      }}
    >
      {field('from')}
      {field('to')}
      <Button type="submit" look="solid">
        {t('show')}
      </Button>
    </form>
  );
}
