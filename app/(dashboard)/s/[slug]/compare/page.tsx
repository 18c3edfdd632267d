import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { CompareBoard } from '../../../../_components/compare/compare-board';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('nav'))('compare') };
}

export default function Page() {
  return <CompareBoard />;
}
