import { type RelayShape, shapeOfRelay } from '@/lib/process/doctor/shape-of-relay';
import { surroundings } from '../../../known-database';
import { type Invocation, textOption } from '../../command';
import { secretKeyHere } from '../../secret-key-here';

/** Of a relay that --split names: what its arms answer alike, and what not; null: none is named, or it is no relay. */
export async function relayShape(call: Invocation): Promise<RelayShape | null> {
  const slug = textOption(call.values, 'split');
  if (slug === null) return null;
  const control = await call.control();
  const { splits } = await (await call.controls()).registry.read();
  if (!splits.some((each) => each.slug === slug && each.kind === 'relay')) return null;
  const { policy } = await control.flags.readPolicy();
  const here = { env: surroundings().env, secretKey: secretKeyHere(call), url: call.database().url };
  return shapeOfRelay(here, slug, policy.baseline);
}

export function shapeLines({ dialect, baseline, asked, differences, troubles }: RelayShape): readonly string[] {
  if (asked.length === 0) {
    return [
      `The dialect ${dialect} has no question that costs nothing: what the arms answer cannot be compared before the split.`,
    ];
  }
  const put = `asked of each arm: ${asked.join(' · ')}`;
  const what =
    differences.length > 0 || troubles.length > 0
      ? [...differences, ...troubles]
      : [`The arms answer as ${baseline} does, as far as these questions show.`];
  return [put, ...what];
}
