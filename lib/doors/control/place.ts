import type { Actor } from '@/lib/access/identity';
import type { Snapshot } from '@/lib/api/snapshot';
import type { ChartedControl } from '@/lib/charts/series-store';
import type { Controls } from '@/lib/control/splits/controls';
import { refuseArchived } from '@/lib/control/splits/refuse-split';
import { partOf } from '@/lib/http/part-of-path';
import { excerpt } from '@/lib/kernel/excerpt';
import { Refusal } from '@/lib/kernel/refusal';
import { slugShape } from '@/lib/split/name-shapes';
import type { Planes } from './planes';

/** One split as the handlers answer by it. */
interface OneSplit {
  readonly control: ChartedControl;
  readonly snapshots: { read(actor: Actor): Promise<Snapshot> };
}

/** Where the routes of a split stand, and how its control plane is found by a path there. */
export interface Place {
  /** Of its snapshot, and of the verbs below that. */
  readonly verbs: `/${string}`;
  /** Of its policy, its charts, its stream. */
  readonly beside: `/${string}`;
  of(path: string, planes: Planes): Promise<OneSplit>;
  /** For verbs that an archived split refuses. */
  inUse(path: string, planes: Planes): Promise<OneSplit>;
}

/** The split that was there before there were several. */
export const firstPlace: Place = {
  verbs: '/api/rollout',
  beside: '/api',
  of: async (_, { controlPlane }) => controlPlane(),
  inUse: async (_, { controlPlane }) => controlPlane(),
};

/** Each split, the first one too. */
export const slugPlace: Place = {
  verbs: '/api/splits/{slug}',
  beside: '/api/splits/{slug}',
  async of(path, { controlPlane }) {
    const control = await splitAt(path, controlPlane().controls);
    return { control, snapshots: controlPlane().feedOf(control.facts.split) };
  },
  async inUse(path, planes) {
    const one = await slugPlace.of(path, planes);
    await refuseArchived(planes.controlPlane().controls, one.control);
    return one;
  },
};

/** The split of `/api/splits/{slug}…`. */
export const splitAt = (path: string, controls: ControlsBySlug) => splitOf(partOf(path, 3), controls);

type ControlsBySlug = Pick<Controls<ChartedControl>, 'bySlug'>;

export async function splitOf(slug: string, { bySlug }: ControlsBySlug): Promise<ChartedControl> {
  const control = slugShape.test(slug) ? await bySlug(slug) : null;
  if (control !== null) return control;
  throw new Refusal('unknown-split', `There is no split "${excerpt(slug)}"; GET /api/splits lists them.`);
}
