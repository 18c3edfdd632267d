'use client';

import { useLocale } from 'next-intl';
import { useCallback, useEffect, useState } from 'react';
import type { ReadSentence } from '@/app/_i18n/phrasebook';

let chinese: Promise<ReadSentence> | null = null;

/** The book is only sent to who reads Chinese; one that did not come is asked for again by the next page. */
function openChinese(): Promise<ReadSentence> {
  chinese ??= Promise.all([import('@/app/_i18n/phrasebook'), import('@/app/_i18n/phrases/zh-cn')]).then(
    ([{ phrasebook }, { phrases }]) => phrasebook(phrases),
  );
  chinese.catch(() => {
    chinese = null;
  });
  return chinese;
}

/** What reads the server's sentences for who reads Chinese; null in English, and until it has come. */
export function useServerBook(): ReadSentence | null {
  const isChinese = useLocale() === 'zh-CN';
  const [read, setRead] = useState<ReadSentence | null>(null);
  useEffect(() => {
    let current = isChinese;
    if (isChinese) {
      openChinese().then(
        (opened) => current && setRead(() => opened),
        () => {},
      );
    }
    return () => {
      current = false;
    };
  }, [isChinese]);
  // What was opened once stays here when the language changes.
  return isChinese ? read : null;
}

/** A sentence of the server in the reader's language; as it came where it is not translated. */
export function useServerSentence(): (sentence: string) => string {
  const book = useServerBook();
  return useCallback((sentence) => book?.(sentence) ?? sentence, [book]);
}
