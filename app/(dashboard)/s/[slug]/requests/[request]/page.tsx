import { decoded } from '@/lib/kernel/plain-text';
import { RequestPage } from '../../../../../_components/requests/request-page';
import { Nowhere } from '../../../../../_components/shell/nowhere';

export default async function Page({ params }: { readonly params: Promise<{ request: string }> }) {
  // Ids of their callers' own may hold what an address writes otherwise.
  const id = decoded((await params).request);
  return id === null ? <Nowhere /> : <RequestPage id={id} />;
}
