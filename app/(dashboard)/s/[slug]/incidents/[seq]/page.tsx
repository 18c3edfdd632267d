import { IncidentPage } from '../../../../../_components/incident/incident-page';
import { Nowhere } from '../../../../../_components/shell/nowhere';

export default async function Page({ params }: { readonly params: Promise<{ seq: string }> }) {
  const { seq } = await params;
  if (!/^[1-9]\d{0,14}$/.test(seq)) return <Nowhere />;
  return <IncidentPage seq={Number(seq)} />;
}
