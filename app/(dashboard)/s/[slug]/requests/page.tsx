import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { RequestsBoard } from '../../../../_components/requests/requests-board';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('nav'))('requests') };
}

export default function Page() {
  return <RequestsBoard />;
}
