'use client';

import { useTranslations } from 'next-intl';
import type { JobDetail, ShownMember, ShownOutput } from '@/lib/api/jobs-view';
import { numberFormat } from '../format/formatters';
import { useFormats } from '../format/use-formats';
import { Facts } from '../ui/facts';
import { Panel } from '../ui/panel';

/** What was asked for and what came of it, as far as it is an operator's. */
export function JobFiles({ job }: { readonly job: JobDetail }) {
  const t = useTranslations('jobs');
  const shown = useShownMember();
  return (
    <>
      <Panel title={t('askedTitle')}>
        <Facts facts={job.request.map((member) => [member.name, shown(member)])} />
        <p className="mt-2 text-muted text-xs">{t('askedHint')}</p>
      </Panel>
      {job.outputs.length > 0 && (
        <Panel title={t('filesTitle')}>
          <ul className="grid gap-1 text-sm">
            {job.outputs.map((output, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: they have no name, and never change their order
              <li key={at}>
                <File output={output} />
              </li>
            ))}
          </ul>
          <p className="mt-2 text-muted text-xs">{t('filesHint')}</p>
        </Panel>
      )}
    </>
  );
}

function useShownMember(): (member: ShownMember) => string {
  const t = useTranslations('jobs');
  const { count } = useFormats();
  return ({ value, characters, host }) => {
    if (host !== undefined) return t('fileAt', { host });
    if (characters !== undefined) return t('characters', { n: count(characters) });
    return String(value);
  };
}

function File({ output }: { readonly output: ShownOutput }) {
  const t = useTranslations('jobs');
  const { duration, locale } = useFormats();
  const { kind, content_type, host, width, height, seconds, bytes } = output;
  const size = bytes === null ? null : numberFormat(locale, { maximumFractionDigits: 1 }).format(bytes / 1e6);
  const parts = [
    content_type ?? kind,
    width !== null && height !== null ? `${width} × ${height}` : null,
    seconds === null ? null : duration(seconds),
    size === null ? null : `${size} MB`,
    host === null ? null : t('fileAt', { host }),
  ];
  return <>{parts.filter(Boolean).join(' · ')}</>;
}
