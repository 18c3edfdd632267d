import { formatPolicy } from '@/lib/split/policy/format-policy';
import type { Control } from '../control';

export interface PolicyView {
  /** 0 while the default judges. */
  readonly version: number;
  readonly source: 'default' | 'row';
  readonly fault: string | null;
  readonly policy: object;
}

/** The policy that judges now, as it is written down. */
export async function readPolicyView({ flags }: Control): Promise<PolicyView> {
  const { policy, version, source, fault } = await flags.readPolicy();
  return { version, source, fault, policy: formatPolicy(policy) };
}
