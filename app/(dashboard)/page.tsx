import { Overview } from '../_components/overview/overview';

export default function OverviewPage() {
  return <Overview />;
}
