import { z } from 'zod';
import type { eventsAnswer, voucherAnswer } from '@/lib/api/answers/data-plane';
import { issueVoucher } from '@/lib/gateway/reported/issue-voucher';
import { reportEvents } from '@/lib/gateway/reported/report-events';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import { parseJson } from '@/lib/http/body/read-body';
import { invalid, judged, parse, shown, whole } from '@/lib/http/body/read-fields';
import { Problem } from '@/lib/http/problem';
import { json } from '@/lib/http/respond';
import type { CallerHandler } from '../callers';
import { mostEvents } from './event-body';

/** As many faults as an answer repeats; the rest are counted. */
const mostFaults = 100;

/** `POST /api/events`: `{events: [{event_type, event_data, created_at?}]}`, or the array by itself. */
export function eventsHandler(plane: DataPlane): CallerHandler {
  return async (incoming, caller) => {
    const items = itemsOf(parseJson(incoming).value);
    const faults = await reportEvents(plane, items, caller);
    if (faults === null) throw notAsked();
    const rejected = new Set(faults.map(({ pointer }) => pointer.split('/')[1])).size;
    const errors = faults.slice(0, mostFaults).map((fault) => ({ ...fault, status: 422 }));
    const accepted = items.length - rejected;
    if (accepted === 0) {
      const [first] = faults;
      const detail = `None of ${items.length} events is valid; ${first?.pointer} ${first?.detail}.`;
      throw new Problem(422, 'events-invalid', detail, { errors, members: { accepted, rejected } });
    }
    const taken: z.infer<typeof eventsAnswer> = { accepted, rejected, errors, request_id: incoming.requestId };
    return json(rejected === 0 ? 202 : 207, taken);
  };
}

/** Only the store knows whose request it was. */
function notAsked(): Problem {
  const detail = 'Nothing was recorded: the database does not answer, and it must say whose request this was.';
  return new Problem(503, 'store-unavailable', detail, { headers: { 'retry-after': '2' } });
}

function itemsOf(body: unknown): readonly unknown[] {
  const wrapped = (body as { events?: unknown } | null)?.events;
  const items = Array.isArray(body) ? body : wrapped;
  if (!Array.isArray(items)) throw invalid([{ pointer: '/events', detail: `is ${shown(items)}; it must be an array` }]);
  if (items.length === 0 || items.length > mostEvents) {
    throw invalid([{ pointer: '/events', detail: `holds ${items.length} events; a batch is 1 to ${mostEvents}` }]);
  }
  return items;
}

const word = (pattern: RegExp, rule: string) =>
  judged<string>(
    (value) => (typeof value === 'string' && pattern.test(value) ? null : `is ${shown(value)}; it must be ${rule}`),
    { type: 'string', pattern: pattern.source, description: rule },
  );

export const voucherBody = z.strictObject(
  {
    request_id: word(/^[\w.:-]{1,128}$/, 'the request_id of a generated image'),
    reason: word(/^[a-z][a-z0-9_]{0,63}$/, 'lower-case words joined by _').default('regenerate'),
  },
  whole,
);

/** `POST /api/vouchers`: once for a request; the second time says so and counts nothing. */
export function vouchersHandler(plane: DataPlane): CallerHandler {
  return async (incoming, caller) => {
    const { request_id, reason } = parse(voucherBody, parseJson(incoming).value);
    const outcome = await issueVoucher(plane, { requestId: request_id, reason }, caller);
    if (outcome.kind === 'store_away') throw notAsked();
    if (outcome.kind === 'unknown_request') {
      throw new Problem(404, 'unknown-request', `No image was generated under request_id ${shown(request_id)}.`);
    }
    const { provider, isNew } = outcome;
    const issued: z.infer<typeof voucherAnswer> = { request_id, reason, provider, issued: isNew };
    return json(isNew ? 201 : 200, issued);
  };
}
