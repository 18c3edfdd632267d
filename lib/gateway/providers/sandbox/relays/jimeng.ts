import { createHash, createHmac } from 'node:crypto';
import type { Reply, SandboxRequest, Vendor, World } from '../vendor';
import { type Asked, TaskVendor, type Told, type Tongue, textOf } from './task-vendor';

/** An access key and its secret; what is signed with it is let in. */
export const sandboxJimengKey = 'sandbox-access:sandbox-secret';

/** visual.volcengineapi.com: every request is a POST that its `Action` tells apart, and is signed with its body. */
export const jimengVendor = (): Vendor => new TaskVendor(tongue);

const statuses = { queued: 'in_queue', running: 'generating', well: 'done' } as const;

const tongue: Tongue = {
  name: 'jimeng',
  asked,
  accepted: (task_id) => well({ task_id }),
  told: ([task]) => (task ? toldOf(task) : well({ status: 'not_found' })),
  unknown: () => well({ status: 'not_found' }),
  cancelled: () => refusal(404, 'no such action'),
  refusal,
};

function asked(request: SandboxRequest, world: World): Asked {
  const { method, path, query, body } = request;
  if (world.faults.unauthorized || !isSigned(request, world.key)) {
    return { is: 'refused', reply: refusal(401, 'SignatureDoesNotMatch') };
  }
  const action = method === 'POST' && path === '/' && query.get('Version') === '2022-08-31' ? query.get('Action') : '';
  const reqKey = textOf(body, 'req_key');
  if (reqKey === '') return { is: 'refused', reply: refusal(400, 'req_key is missing') };
  if (action === 'CVSync2AsyncSubmitTask') return { is: 'create', model: reqKey, prompt: textOf(body, 'prompt') };
  if (action === 'CVSync2AsyncGetResult') return { is: 'look', ids: [textOf(body, 'task_id')] };
  return { is: 'refused', reply: refusal(404, 'InvalidActionOrVersion') };
}

function well(data: object): Reply {
  return { status: 200, body: { code: 10000, data, message: 'Success', request_id: 'sandbox', status: 10000 } };
}

function refusal(status: number, message: string): Reply {
  const code = status === 400 && /moderation/.test(message) ? 50411 : 50_000 + status;
  return { status, body: { code, data: null, message, request_id: 'sandbox', status: code } };
}

function toldOf({ state, url }: Told): Reply {
  if (state === 'failed') return refusal(400, 'refused by content moderation');
  if (state === 'cancelled') return well({ status: 'expired' });
  return well(state === 'well' ? { status: 'done', video_url: url } : { status: statuses[state] });
}

const sha = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** As the vendor does it: over the host, the query and the bytes of the body. */
function isSigned({ authorization, headers = {}, bytes, method, path, query }: SandboxRequest, key: string): boolean {
  const [access, secret = ''] = key.split(':');
  const form =
    /^HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/;
  const [, who, date = '', region = '', service = '', names = '', signature] = form.exec(authorization) ?? [];
  const at = String(headers['x-date'] ?? '');
  const hash = sha(bytes ?? '');
  const isFresh =
    Math.abs(Date.now() - Date.parse(at.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'))) < 900_000;
  if (who !== access || !at.startsWith(date) || !isFresh || headers['x-content-sha256'] !== hash) return false;
  const signed = names.split(';');
  if (!['host', 'x-content-sha256', 'x-date'].every((name) => signed.includes(name))) return false;
  const lines = signed.map((name) => `${name}:${String(headers[name] ?? '').trim()}\n`).join('');
  const canonical = [method, path, queryOf(query), lines, names, hash].join('\n');
  const text = ['HMAC-SHA256', at, `${date}/${region}/${service}/request`, sha(canonical)].join('\n');
  const chained = [region, service, 'request'].reduce((made, part) => hmac(made, part), hmac(secret, date));
  return hmac(chained, text).toString('hex') === signature;
}

function queryOf(query: URLSearchParams): string {
  const escaped = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return [...new Set(query.keys())]
    .sort()
    .flatMap((name) => {
      const values = query.getAll(name).map(escaped).sort();
      return values.map((value) => `${escaped(name)}=${value}`);
    })
    .join('&');
}
