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
    const words = outcomeWords({ asked, ...came });
    const unsaid = await noted(call, name, words);
    const line = `${name}: ${words}${came.error === null ? '.' : `: ${came.error}`}`;
    call.answer(
      { provider: name, asked, ...came, journaled: unsaid === null },
      unsaid === null ? [line] : [line, unsaid],
    );
    return came.ok ? undefined : 1;
  } finally {
    await provider.close();
  }
}

/** What was sent is told, whatever becomes of the journal; null: it has it. */
async function noted(call: Invocation, name: string, words: string): Promise<string | null> {
  try {
    await (await call.controls()).registry.noteTest(name, words, call.actor);
    return null;
  } catch (error) {
    return `The journal does not have it: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function planWords(plan: TestCallPlan): string {
  if (plan.kind === 'question') return 'a question that costs nothing';
  const cost = plan.costUsd === null ? 'an unknown price' : `about $${plan.costUsd}`;
  return `one request for ${plan.model} at ${plan.size}, for ${cost}`;
}
