import { parseEnv } from '@/lib/config/env';
import { createLog } from '@/lib/config/log';
import { Lane } from '@/lib/gateway/request/lane';
import { createJob } from '@/lib/jobs/create-job';
import { startRuntime } from '@/lib/process/web-runtime';
import { orderProvider } from './order-vendor';

// A web process that is killed after it has written where its job goes, and before it calls the provider.
const { VENDOR_URL = '', ...variables } = process.env as Record<string, string>;
const runtime = startRuntime(parseEnv(variables), createLog('silent', {}));
await runtime.firstRead;
const { dataPlane, jobs } = runtime;
const provider = orderProvider('fal', VENDOR_URL);
const create = async () => {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('it was not killed');
};
const doomed = { ...provider, jobs: { ...provider.jobs, create } } as typeof provider;
const origin = { adapter: 'fal', keyVersion: 0, baseUrl: VENDOR_URL };
(dataPlane.lanes as Map<string, Lane>).set('fal', new Lane(doomed, { threshold: 5, coolMs: 5000 }, 5, origin));
dataPlane.splits.refit();
const split = dataPlane.splits.all.get('FILM_WEIGHTS');
if (!split || !jobs) throw new Error('the split of jobs is not there');
await createJob(jobs, split, {
  request: { prompt: 'a lock', model: 'flux-schnell', n: 1, requestId: 'killed-1', caller: 'ann' },
  ...{ door: 'sluice', user: null, way: { kind: 'drawn' }, said: { prompt: 'a lock' } },
});
