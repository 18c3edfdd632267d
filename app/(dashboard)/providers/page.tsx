import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { ProvidersBoard } from '../../_components/providers/providers-board';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('nav'))('providers') };
}

export default function Page() {
  return <ProvidersBoard />;
}
