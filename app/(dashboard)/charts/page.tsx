import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { MetricsBoard } from '../../_components/metrics/metrics-board';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('nav'))('metrics') };
}

export default function Page() {
  return <MetricsBoard />;
}
