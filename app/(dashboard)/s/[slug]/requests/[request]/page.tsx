import { notFound } from 'next/navigation';
import { decoded } from '@/lib/kernel/plain-text';
import { RequestPage } from '../../../../../_components/requests/request-page';

export default async function Page({ params }: { readonly params: Promise<{ request: string }> }) {
  // Ids of their callers' own may hold what an address writes otherwise.
  return <RequestPage id={decoded((await params).request) ?? notFound()} />;
}
