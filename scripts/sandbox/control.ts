import { changeFaults, type Faults, healthy } from '@/lib/gateway/providers/sandbox/faults';
import type { Reply, SandboxRequest, Vendor } from '@/lib/gateway/providers/sandbox/vendor';

/** What the control endpoint shows and changes. */
export interface Controlled {
  readonly vendor: Vendor;
  readonly counters: Record<string, number>;
  faults: Faults;
  lastBody?: unknown;
  lastHeaders?: Readonly<Record<string, unknown>>;
}

/** `GET` shows faults and counters, `POST` changes faults, `DELETE` heals. JSON only, so that no web page can post here. */
export function controlReply(request: SandboxRequest, contentType: string | undefined, state: Controlled): Reply {
  if (request.method === 'DELETE') state.faults = healthy(state.vendor.usualCost);
  if (request.method === 'POST') {
    if (!contentType?.startsWith('application/json')) {
      return { status: 415, body: { error: 'faults are set with content-type application/json' } };
    }
    try {
      state.faults = changeFaults(state.faults, request.body);
    } catch (error) {
      return { status: 422, body: { error: error instanceof Error ? error.message : String(error) } };
    }
  }
  return { status: 200, body: { provider: state.vendor.name, faults: state.faults, counters: state.counters } };
}
