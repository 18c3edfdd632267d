import { notFound } from 'next/navigation';
import { JobPage } from '../../../../../_components/jobs/job-page';

export default async function Page({ params }: { readonly params: Promise<{ job: string }> }) {
  const { job } = await params;
  if (!/^(video_)?[0-9a-f-]{32,36}$/i.test(job)) notFound();
  return <JobPage id={job} />;
}
