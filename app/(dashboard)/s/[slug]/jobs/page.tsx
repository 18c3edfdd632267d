import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { JobsBoard } from '../../../../_components/jobs/jobs-board';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('nav'))('jobs') };
}

export default function Page() {
  return <JobsBoard />;
}
