import { requireCron } from '@/lib/doors/control/cron';
import { type Handler, json } from '@/lib/http/message';
import { integerOf } from '@/lib/http/query';
import { route } from '@/lib/http/route';
import { controlPlane } from '@/lib/process/web';

const tick: Handler = async (arriving) => {
  const plane = controlPlane();
  requireCron(arriving, plane.cronSecret, plane.wrong);
  plane.throttles.cron.take('scheduler');
  const outcome = await plane.tick('cron', integerOf(arriving.query, 'interval', [10, 3600], 60));
  return json(
    outcome.result === 'failed' ? 503 : 200,
    outcome,
    outcome.result === 'failed' ? { 'retry-after': '5' } : {},
  );
};

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: tick,
  POST: tick,
});
