import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { CallersBoard } from '../../_components/callers/callers-board';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('callers'))('title') };
}

export default function Page() {
  return <CallersBoard />;
}
