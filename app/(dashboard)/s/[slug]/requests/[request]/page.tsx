import { notFound } from 'next/navigation';
import { RequestPage } from '../../../../../_components/requests/request-page';

/** Ids of their callers' own may hold what an address writes otherwise. */
function meant(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return notFound();
  }
}

export default async function Page({ params }: { readonly params: Promise<{ request: string }> }) {
  return <RequestPage id={meant((await params).request)} />;
}
