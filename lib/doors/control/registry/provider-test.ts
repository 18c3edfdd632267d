import * as answers from '@/lib/api/answers/registry';
import type { TestAsked } from '@/lib/api/splits-view';
import { jsonOf } from '@/lib/doors/route';
import { planTestCall, type TestCallPlan } from '@/lib/gateway/test-call/plan-test-call';
import { outcomeWords, runTestCall } from '@/lib/gateway/test-call/run-test-call';
import { fields, flag } from '@/lib/http/body/read-fields';
import { partOf } from '@/lib/http/part-of-path';
import { Problem } from '@/lib/http/problem';
import { json } from '@/lib/http/respond';
import { excerpt } from '@/lib/kernel/excerpt';
import { capital } from '@/lib/kernel/plain-text';
import { Refusal } from '@/lib/kernel/refusal';
import { guarded } from '../guarded';

const testing = {
  body: fields({ dry_run: flag('only says what would be sent and what it costs; nobody is called') }),
  answers: {
    200: jsonOf(answers.providerTest, 'What came of it, good or bad'),
    202: jsonOf(answers.providerTestPlan, 'dry_run: what would be sent'),
  },
  refusals: [404, 409, 429],
} as const;

/** One real request, to see whether a provider works before anything depends on it. */
export const providerTestRoutes = [
  guarded(
    'POST /api/providers/{name}/test',
    'operator',
    'Send a provider its cheapest request, outside of every sample, and say what came of it; journaled',
    testing,
    async ({ arriving, body, actor }, planes) => {
      const { controls, throttles } = planes.controlPlane();
      const runtime = planes.runtime();
      const { dataPlane } = runtime;
      const name = partOf(arriving.path, 3);
      // Nothing is sent while there is no store to journal it.
      const { providers } = await controls.registry.read();
      if (!providers.some((each) => each.name === name)) throw unknown(name);
      const { provider } = laneOf(dataPlane.lanes, name);
      const plan = planTestCall(dataPlane.splits.models, provider, arriving.requestId);
      const asked = askedOf(plan);
      if (body.dry_run) return json(202, { provider: name, asked, cost_usd: plan.costUsd });
      throttles.test.take(actor.name);
      const { startDeadline, attemptWithinMs, calls } = dataPlane.generate;
      const deadline = startDeadline(attemptWithinMs);
      calls.begin(deadline);
      try {
        const came = await runTestCall(provider, plan, deadline.signal);
        const words = outcomeWords({ asked, ...came });
        // It was sent and perhaps paid for: the operator is told the outcome even where the journal cannot be written.
        const journaled = await controls.registry.noteTest(name, words, actor.name).then(
          () => true,
          (error: unknown) => {
            runtime.log.error({ error, provider: name, actor: actor.name }, `a test call is not journaled: ${words}`);
            return false;
          },
        );
        return json(200, { provider: name, asked, ...came, journaled });
      } finally {
        calls.end(deadline);
      }
    },
  ),
];

function laneOf<L extends { readonly provider: { readonly whyNot: string | null } }>(
  lanes: ReadonlyMap<string, L>,
  name: string,
): L {
  const lane = lanes.get(name);
  const whyNot = lane === undefined ? `${name} is not called by this process` : lane.provider.whyNot;
  if (lane !== undefined && whyNot === null) return lane;
  throw new Problem(409, 'provider-unusable', `${capital(whyNot ?? '')}. Nothing was sent.`);
}

const unknown = (name: string) => new Refusal('no-such-provider', `There is no provider "${excerpt(name)}".`);

const askedOf = (plan: TestCallPlan): TestAsked =>
  plan.kind === 'image' ? { kind: 'image', model: plan.model, size: plan.size } : { kind: 'question' };
