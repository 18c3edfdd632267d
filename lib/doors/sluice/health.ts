import { readHealth, splitsHealth } from '@/lib/gateway/health/read-health';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { Handler } from '@/lib/http/message';
import { json } from '@/lib/http/respond';

/** `GET /api/health`: 503 only when nothing can be served; a degraded service is still a serving one. */
export function healthHandler(plane: DataPlane): Handler {
  return async () => {
    const { servable, body } = readHealth(plane);
    const { providers, ...rest } = body;
    return json(
      servable ? 200 : 503,
      { providers, splits: splitsHealth(plane), ...rest },
      servable ? {} : { 'retry-after': '5' },
    );
  };
}

/** Alive: the event loop turns. */
export function liveHandler(): Handler {
  return async () => json(200, { status: 'live' });
}

/** Ready: a request sent now would be routed. Weights from a file or the baseline are ready too, degraded. */
export function readyHandler(plane: DataPlane, isDraining: () => boolean): Handler {
  return async () => {
    const { servable, body } = readHealth(plane);
    const ready = servable && !isDraining();
    const { status, weights } = body;
    return json(ready ? 200 : 503, { ready, status, weights }, ready ? {} : { 'retry-after': '5' });
  };
}
