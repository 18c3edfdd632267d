'use client';

import { useTranslations } from 'next-intl';
import { scopes } from '@/lib/api/scopes';

interface ScopeChoiceProps {
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** What a caller may do, in words beside the scopes' names. */
export function ScopeChoice({ chosen, onChange }: ScopeChoiceProps) {
  const t = useTranslations('callers');
  return (
    <fieldset className="flex flex-wrap gap-x-4 gap-y-1">
      <legend className="text-muted text-xs">{t('scopes')}</legend>
      {scopes.map((scope) => (
        <label key={scope} className="inline-flex min-h-6 items-center gap-1.5">
          <input
            type="checkbox"
            checked={chosen.includes(scope)}
            onChange={({ target }) =>
              onChange(scopes.filter((one) => (one === scope ? target.checked : chosen.includes(one))))
            }
          />
          <code className="font-mono text-xs">{scope}</code>
          <span className="text-muted text-xs">{t(`scope.${scope}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}
