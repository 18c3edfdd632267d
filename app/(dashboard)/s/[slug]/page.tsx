import { Overview } from '../../../_components/overview/overview';

export default function SplitPage() {
  return <Overview />;
}
