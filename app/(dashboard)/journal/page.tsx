import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { JournalBoard } from '../../_components/journal/journal-board';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('nav'))('journal') };
}

export default function Page() {
  return <JournalBoard />;
}
