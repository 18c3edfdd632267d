import { notFound } from 'next/navigation';
import { IncidentPage } from '../../../../../_components/incident/incident-page';

export default async function Page({ params }: { readonly params: Promise<{ seq: string }> }) {
  const { seq } = await params;
  if (!/^[1-9]\d{0,14}$/.test(seq)) notFound();
  return <IncidentPage seq={Number(seq)} />;
}
