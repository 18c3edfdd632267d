import { randomUUID } from 'node:crypto';
import { planTestCall, type TestCallPlan } from '@/lib/gateway/test-call/plan-test-call';
import { outcomeWords, runTestCall } from '@/lib/gateway/test-call/run-test-call';
import { providerToTest } from '@/lib/process/doctor/provider-to-test';
import { surroundings } from '../../../known-database';
import { type Invocation, Said } from '../../command';
import { secretKeyHere } from '../../secret-key-here';

const withinMs = 60_000;

/** One real request to a provider, from here and with the keys of this environment. */
export async function testProvider(call: Invocation, name: string): Promise<number | undefined> {
  const here = { env: surroundings().env, secretKey: secretKeyHere(call), url: call.database().url };
  const reached = await providerToTest(here, name);
  if (typeof reached === 'string') throw new Said(`Nothing was sent: ${reached}.`);
  const { provider, models } = reached;
  try {
    const plan = planTestCall(models, provider, randomUUID());
    await call.confirm(`Send ${name} ${planWords(plan)}?`);
    const came = await runTestCall(provider, plan, AbortSignal.timeout(withinMs));
    const asked =
      plan.kind === 'image'
        ? ({ kind: 'image', model: plan.model, size: plan.size } as const)
        : ({ kind: 'question' } as const);
    const view = { provider: name, asked, ...came };
    await (await call.controls()).registry.noteTest(name, outcomeWords(view), call.actor);
    call.answer(view, [`${name}: ${outcomeWords(view)}${came.error === null ? '.' : `: ${came.error}`}`]);
    return came.ok ? undefined : 1;
  } finally {
    await provider.close();
  }
}

function planWords(plan: TestCallPlan): string {
  if (plan.kind === 'question') return 'a question that costs nothing';
  const cost = plan.costUsd === null ? 'an unknown price' : `about $${plan.costUsd}`;
  return `one request for ${plan.model} at ${plan.size}, for ${cost}`;
}
