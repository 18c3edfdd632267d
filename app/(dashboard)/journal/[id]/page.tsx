import { notFound } from 'next/navigation';
import { JournalDetail } from '../../../_components/journal/journal-detail';

export default async function JournalEntryPage({ params }: { readonly params: Promise<{ id: string }> }) {
  const { id } = await params;
  if (!/^[1-9]\d{0,15}$/.test(id)) notFound();
  return <JournalDetail id={Number(id)} />;
}
