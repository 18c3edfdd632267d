'use client';

import { useEffect, useState } from 'react';
import { useSnapshot } from '@/app/_queries/snapshot';
import type { PolicyWire } from '@/lib/split/policy/format-policy';
import { judgedBy } from '@/lib/split/policy/metrics';
import { sameDraft } from '../state/policy/policy-draft';

const quiet = 150;

/**
 * What the database would say of the draft: the same rules and sentences, asked as it is written. Their code comes when
 * the first field is changed. The API has the last word all the same.
 */
export function usePolicyFaults(was: PolicyWire, draft: PolicyWire): readonly string[] {
  const [faults, setFaults] = useState<readonly string[]>([]);
  const arms =
    useSnapshot()
      ?.arms.map(({ name }) => name)
      .join(' ') ?? '';
  useEffect(() => {
    if (sameDraft(was, draft)) {
      setFaults([]);
      return;
    }
    let current = true;
    const timer = setTimeout(async () => {
      const { readPolicyValue } = await import('@/lib/split/policy/read-policy');
      const registered = arms === '' ? undefined : arms.split(' ');
      // As it is sent: what is no number is null.
      const reading = readPolicyValue(JSON.parse(JSON.stringify(draft)), registered, 'shipped', judgedBy(was));
      if (current) setFaults(reading.ok ? [] : reading.faults);
    }, quiet);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [was, draft, arms]);
  return faults;
}
