import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { SplitsBoard } from '../../_components/splits/splits-board';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('splits'))('title') };
}

export default function Page() {
  return <SplitsBoard />;
}
