import { JournalDetail } from '../../../_components/journal/journal-detail';
import { Nowhere } from '../../../_components/shell/nowhere';

export default async function JournalEntryPage({ params }: { readonly params: Promise<{ id: string }> }) {
  const { id } = await params;
  if (!/^[1-9]\d{0,15}$/.test(id)) return <Nowhere />;
  return <JournalDetail id={Number(id)} />;
}
