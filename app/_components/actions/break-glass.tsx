'use client';

import { useTranslations } from 'next-intl';
import { useSplitPlace } from '@/app/_queries/split';
import type { Snapshot } from '@/lib/api/snapshot';
import { CopyButton } from '../ui/copy-button';

/** The two ways back that need neither this page nor its server. */
export function BreakGlass({ snapshot }: { readonly snapshot: Snapshot | undefined }) {
  const t = useTranslations('rollback');
  const { slug } = useSplitPlace();
  const sql = snapshot && rollbackSql(snapshot);
  return (
    <div className="flex flex-col gap-1.5 text-sm">
      <p className="text-muted">{t('breakGlass')}</p>
      <code className="block overflow-x-auto rounded-control bg-sunken p-2 font-mono text-xs">
        npm run sluice -- rollback{slug === null ? '' : ` --split ${slug}`} --yes
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

function rollbackSql({ split, baseline, weights }: Snapshot): string {
  const back = { ...Object.fromEntries(Object.keys(weights).map((name) => [name, 0])), [baseline]: 1 };
  const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
  return `update feature_flags set flag_value_text = ${quoted(JSON.stringify(back))}, updated_at = now() where flag_key = ${quoted(split)};`;
}
