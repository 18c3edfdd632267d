import { z } from 'zod';
import { policySchema } from '@/lib/split/policy/policy-schema';
import { shapeOf } from './shape';

/** What editors complete sluice.yaml by. */
export function configSchema(): object {
  const schema = z.toJSONSchema(shapeOf(policySchema), { io: 'input', unrepresentable: 'any', target: 'draft-7' });
  return { ...schema, title: 'sluice.yaml' };
}
