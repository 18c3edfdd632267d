import type { PolicyView } from '@/lib/api/views';
import { formatPolicy } from '@/lib/split/policy/format-policy';
import type { Control } from '../control';

/** The policy that judges now, as it is written down. */
export async function readPolicyView({ flags }: Control): Promise<PolicyView> {
  const { policy, version, source, fault } = await flags.readPolicy();
  return { version, source, fault, policy: formatPolicy(policy) };
}
