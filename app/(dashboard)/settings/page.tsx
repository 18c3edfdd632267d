import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { SettingsBoard } from '../../_components/settings/settings-board';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('nav'))('settings') };
}

export default function Page() {
  return <SettingsBoard />;
}
