import { JobPage } from '../../../../../_components/jobs/job-page';
import { Nowhere } from '../../../../../_components/shell/nowhere';

export default async function Page({ params }: { readonly params: Promise<{ job: string }> }) {
  const { job } = await params;
  if (!/^(video_)?[0-9a-f-]{32,36}$/i.test(job)) return <Nowhere />;
  return <JobPage id={job} />;
}
