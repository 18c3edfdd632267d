'use client';

import { useTranslations } from 'next-intl';
import { useSplitPlace } from '@/app/_queries/split';
import type { Snapshot } from '@/lib/api/snapshot';
import { withoutArm } from '../state/arm-moves';
import { CopyButton } from '../ui/copy/copy-button';

/** The two ways back that need neither this page nor its server. */
interface BreakGlassProps {
  readonly snapshot: Snapshot | undefined;
  /** The only arm that goes; left out, all of them. */
  readonly arm?: string;
}

export function BreakGlass({ snapshot, arm }: BreakGlassProps) {
  const t = useTranslations('rollback');
  const { slug } = useSplitPlace();
  const sql = snapshot && rollbackSql(snapshot, arm);
  return (
    <div className="flex flex-col gap-1.5 text-sm">
      <p className="text-muted">{t('breakGlass')}</p>
      <code className="block overflow-x-auto rounded-control bg-sunken p-2 font-mono text-xs">
        npm run sluice -- rollback{slug === null ? '' : ` --split ${slug}`}
        {arm === undefined ? '' : ` --arm ${arm}`} --yes
      </code>
      {sql && (
        <>
          <p className="flex flex-wrap items-center justify-between gap-x-2 text-muted">
            {t('breakGlassSql')} <CopyButton text={sql} label={t('copySql')} />
          </p>
          <code className="block rounded-control bg-sunken p-2 font-mono text-xs wrap-anywhere">{sql}</code>
        </>
      )}
    </div>
  );
}

function rollbackSql(snapshot: Snapshot, arm: string | undefined): string {
  const { split } = snapshot;
  const back = arm === undefined ? allBack(snapshot) : withoutArm(snapshot, arm);
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
  return `update feature_flags set flag_value_text = ${quoted(JSON.stringify(back))}, updated_at = now() where flag_key = ${quoted(split)};`;
}

function allBack({ baseline, weights }: Snapshot): Snapshot['weights'] {
  return { ...Object.fromEntries(Object.keys(weights).map((name) => [name, 0])), [baseline]: 1 };
}
