import type { Policy } from './policy';
import type { LineVerdict } from './verdict';

export function explain(line: LineVerdict, policy: Policy): string {
  return `${policy.candidate} ${line.metric} ${line.verdict}`;
}
