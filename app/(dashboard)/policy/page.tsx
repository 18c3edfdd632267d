import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { PolicyBoard } from '../../_components/policy/policy-board';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('nav'))('policy') };
}

export default function Page() {
  return <PolicyBoard />;
}
