'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Snapshot } from '@/lib/api/snapshot';
import { useRoleWhy } from '../actions/use-role-why';
import { useFormats } from '../format/use-formats';
import { NumberField } from '../policy/form/number-field';
import { shareRest, weightsFrom } from '../state/policy/weights-draft';
import { GatedButton } from '../ui/gated-button';
import { Panel } from '../ui/panel';
import { WeightsDialog } from './weights-dialog';

interface Typed {
  /** Of the split, when it was typed. */
  readonly version: number;
  readonly shares: Readonly<Record<string, number>>;
}

interface Asked {
  readonly seen: Snapshot;
  readonly weights: Readonly<Record<string, number>>;
}

/** Weights that are no stage of the plan: for an experiment, or to step down halfway. The baseline takes the rest. */
export function WeightsPanel({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('weights');
  const { percent, weights: inWords } = useFormats();
  // A split that another operator moved starts the form anew: what it shows is what it would send.
  const [form, setForm] = useState<Typed>({ version: snapshot.version, shares: {} });
  const typed = form.version === snapshot.version ? form.shares : {};
  // What was asked for stands as it was pressed, whoever moves the split while it is asked about.
  const [asked, setAsked] = useState<Asked | null>(null);
  const roleWhy = useRoleWhy();
  const { baseline, candidate } = snapshot;
  const others = [...new Set([candidate, ...Object.keys(snapshot.weights)])].filter((name) => name !== baseline);
  const now = Object.fromEntries(others.map((name) => [name, round((snapshot.weights[name] ?? 0) * 100)]));
  const draft = { ...now, ...typed };
  const rest = shareRest(draft);
  const changed = others.some((name) => draft[name] !== now[name]);
  const why = roleWhy ?? (rest === null ? t('invalid') : changed ? null : t('unchanged'));
  return (
    <Panel
      title={t('title')}
      aside={<span className="text-muted text-xs">{t('now', { weights: inWords(snapshot.weights, baseline) })}</span>}
    >
      <p className="mb-2 max-w-prose text-muted text-sm">{t('hint')}</p>
      <div key={snapshot.version} className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
        {others.map((name) => (
          <span key={name} className="flex items-center gap-2">
            {name}
            <NumberField
              label={t('share', { provider: name })}
              value={now[name] ?? 0}
              unit="%"
              onChange={(value) =>
                setForm({ version: snapshot.version, shares: { ...typed, [name]: value ?? Number.NaN } })
              }
            />
          </span>
        ))}
        <span className="text-muted">
          {baseline} {rest === null ? '–' : percent(rest)}
        </span>
        <GatedButton
          look="solid"
          why={why}
          onClick={() => setAsked({ seen: snapshot, weights: weightsFrom(draft, baseline) })}
        >
          {t('button')}
        </GatedButton>
      </div>
      {asked && <WeightsDialog {...asked} onClose={() => setAsked(null)} />}
    </Panel>
  );
}

const round = (value: number) => Number(value.toFixed(4));
