import { idOf, type SandboxRequest, type Served, type Vendor, type World } from './vendor';

export const sandboxRelayKey = 'sandbox-relay';

/** An API of no vendor: it answers what it was asked. */
export function relayVendor(): Vendor {
  return { name: 'relay', usualCost: 0, serve };
}

function serve(request: SandboxRequest, world: World): Served {
  const { method, path, query, authorization, body } = request;
  if (path === '/' && method === 'GET')
    return { reply: { status: 200, body: { ok: true } }, draw: null, kind: 'probe' };
  if (world.faults.unauthorized || authorization !== `Bearer ${world.key}`) {
    return { reply: { status: 401, body: { error: 'the key is not known' } }, draw: null, kind: 'inference' };
  }
  const draw = world.draw();
  if (draw.verdict !== 'well')
    return { reply: { status: 500, body: { error: draw.verdict } }, draw, kind: 'inference' };
  const said = { method, path, query: Object.fromEntries(query), body: body ?? null };
  return { reply: { status: 200, body: { id: idOf(draw.seed, 5), said } }, draw, kind: 'inference' };
}
