import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { ModelsBoard } from '../../_components/models/models-board';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('models'))('title') };
}

export default function Page() {
  return <ModelsBoard />;
}
