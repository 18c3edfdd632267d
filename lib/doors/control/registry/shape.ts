import * as answers from '@/lib/api/answers/registry';
import { ok } from '@/lib/doors/route';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import { Problem } from '@/lib/http/problem';
import { json } from '@/lib/http/respond';
import type { ArmEntry } from '@/lib/registry/registry';
import { dialectIn } from '@/lib/relay/dialects/dialects';
import { type AskedArm, compareArms } from '@/lib/relay/shape/ask-arms';
import { guarded } from '../guarded';
import { splitAt } from '../place';

const withinMs = 15_000;

/** What callers of a relay would see change between its arms, before anything moves. */
export const shapeRoutes = [
  guarded(
    'POST /api/splits/{slug}/shape',
    'operator',
    'Put the questions of a relay’s dialect that cost nothing to each of its arms, and say where the answers part',
    { ...ok(answers.shape), refusals: [409] },
    async ({ arriving, actor }, planes) => {
      const control = await splitAt(arriving.path, planes.controlPlane().controls);
      const key = control.facts.split;
      const { dataPlane, log } = planes.runtime();
      const { registry } = dataPlane.splits;
      const split = registry.splits.find((each) => each.key === key);
      const [first, ...others] = armsOf(
        split?.arms ?? [],
        (await control.flags.readPolicy()).policy.baseline,
        dataPlane,
      );
      const spoken = registry.providers.find(({ name }) => name === split?.arms[0]?.provider)?.options.dialect;
      const dialect = dialectIn(registry, String(spoken ?? 'generic'));
      if (split?.kind !== 'relay' || !first || !dialect) throw noRelay(split?.slug ?? key);
      const compared = await compareArms(dialect, [first, ...others], AbortSignal.timeout(withinMs));
      log.info({ actor: actor.name, split: key, asked: compared.asked.length }, 'the arms of a relay were compared');
      const { asked, differences, troubles } = compared;
      const said = { asked: [...asked], differences: [...differences], troubles: [...troubles] };
      return json(200, { split: split.slug, dialect: dialect.name, baseline: first.name, ...said });
    },
  ),
];

/** The baseline first; each by the key and the address that requests go by now. */
function armsOf(arms: readonly ArmEntry[], baseline: string, { lanes }: DataPlane): readonly AskedArm[] {
  return [...arms]
    .sort((a, b) => Number(b.name === baseline) - Number(a.name === baseline))
    .map(({ name, provider }) => {
      const called = lanes.get(provider)?.provider;
      return { name, streams: called?.streams ?? called?.whyNot ?? `${provider} is not served here` };
    });
}

function noRelay(slug: string): Problem {
  const detail = `The arms of '${slug}' were not compared: it is no relay whose dialect is known here, and only what relays pass on is compared so.`;
  return new Problem(409, 'no-relay', detail);
}
