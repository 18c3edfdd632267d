import { setTimeout as wait } from 'node:timers/promises';
import { rollBack } from '@/lib/control/verbs/roll-back';
import { moveWeights } from './seed';
import type { World } from './world';

const arm = (name: string, provider: string) => ({ name, provider, model: null, params: {} });
const wish = { prompt: 'a lighthouse at dusk', model: 'kling-2.5-turbo-pro', duration: 5, aspect_ratio: '16:9' };
const slow = { median: 560_000, p95: 600_000 };

/** Videos were ordered from both arms; then an operator took the candidate back, and what runs there runs to its end. */
export async function drainJobs({ url, sql, sandbox, controls }: World): Promise<void> {
  const { key } = await controls.registry.newSplit(
    {
      ...{ slug: 'film', label: 'Film', kind: 'job', isDefault: true },
      ...{ baseline: arm('fal-kling', 'fal'), candidates: [arm('runware-kling', 'runware')] },
    },
    { actor: 'operator:wen', reason: 'videos by Kling, at two providers' },
  );
  const begun = { by: 'operator:ann', reason: 'Start of D2' };
  await moveWeights(sql, {
    split: key,
    weights: { 'fal-kling': 0.5, 'runware-kling': 0.5 },
    ...begun,
    secondsAgo: 1500,
  });
  for (const name of ['fal', 'runware'] as const) sandbox.control(name, { jobMs: 300 });
  await order(url, 24);
  await wait(6000);
  for (const name of ['fal', 'runware'] as const) sandbox.control(name, { jobMs: slow });
  await order(url, 12);
  await wait(2500);
  const control = controls.of(key);
  await rollBack(control, { actor: 'operator:ann', reason: 'the videos come without sound' });
  await wait(6000);
}

async function order(url: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const answer = await ordered(`${url}/api/jobs`);
    if (!answer.ok) throw new Error(`POST /api/jobs was answered ${answer.status}: ${await answer.text()}`);
  }
}

const tries = 10;
const headers = { 'content-type': 'application/json' };

/** Every process follows a change of the registry at once; the first order may be as quick. */
async function ordered(url: string): Promise<Response> {
  for (let n = 1; ; n++) {
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(wish) });
    if (n === tries || ![404, 409].includes(answer.status)) return answer;
    await wait(1000);
  }
}
