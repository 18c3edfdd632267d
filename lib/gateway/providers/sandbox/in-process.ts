import type { Deadline } from '@/lib/kernel/deadline';
import { type AdapterName, adapterNames, adapters } from '../adapters';
import type { ProviderSettings } from '../settings';
import type { Upstream, UpstreamAnswer, UpstreamCall } from '../upstream';
import { seededChance } from './chance';
import { draw } from './draw';
import { healthy } from './faults';
import { drawPicture, readPictureUrl } from './picture';
import { readSandboxBody } from './request-body';
import type { SandboxRequest, Vendor, World } from './vendor';

/** Every vendor simulated by this process, for hosts without ports and child processes; `origin` serves the pictures. */
export function sandboxSettings(origin: string, seed: number): Readonly<Record<AdapterName, ProviderSettings>> {
  const all = adapterNames.map((name, at) => {
    const { vendor, key } = adapters[name].sandbox;
    const upstream = inProcess(vendor(), key, origin, seed + at);
    return [name, { key, baseUrl: origin, open: () => upstream }];
  });
  return Object.fromEntries(all) as Record<AdapterName, ProviderSettings>;
}

/** The picture at a URL that one of them gave out; null for any other. */
export function sandboxPicture(url: string): string | null {
  const picture = readPictureUrl(new URL(url));
  return picture && drawPicture(picture);
}

/** A vendor's own words, late as the real one, without a wire: always well, since its faults cannot be set. */
function inProcess(vendor: Vendor, key: string, origin: string, seed: number): Upstream {
  const chance = seededChance(seed);
  const faults = healthy(vendor.usualCost);
  const world: World = { origin, key, faults, draw: () => draw(faults, chance), now: () => performance.now() };
  return {
    origin,
    async call(call, deadline) {
      const startedAt = performance.now();
      const since = () => performance.now() - startedAt;
      if (deadline.aborted) return atDeadline(deadline, false, since());
      const { reply, draw: drawn } = vendor.serve(await requestOf(call, origin), world);
      if (!(await waited(drawn?.delayMs ?? 0, deadline))) return atDeadline(deadline, true, since());
      const { status, headers = {}, body } = reply;
      const text = body === undefined ? '' : JSON.stringify(body);
      const bytes = call.bytes === undefined ? {} : { bytes: Buffer.from(text) };
      const json = { 'content-type': 'application/json', ...headers };
      return { kind: 'answer', status, headers: json, text, ...bytes, latencyMs: since() };
    },
    close: async () => {},
  };
}

async function requestOf({ method, path, headers, body }: UpstreamCall, origin: string): Promise<SandboxRequest> {
  const { pathname, searchParams, host } = new URL(path, origin);
  const authorization = headers.authorization ?? '';
  return {
    method,
    path: pathname,
    query: searchParams,
    host,
    authorization,
    body: await readSandboxBody(headers['content-type'], Buffer.from(body ?? '')),
  };
}

/** false: the deadline came first. */
function waited(ms: number, deadline: Deadline): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isWhole: boolean) => {
      clearTimeout(timer);
      deadline.removeEventListener('abort', onDeadline);
      resolve(isWhole);
    };
    const onDeadline = () => end(false);
    const timer = setTimeout(() => end(true), ms);
    deadline.addEventListener('abort', onDeadline);
  });
}

function atDeadline(deadline: Deadline, sent: boolean, latencyMs: number): UpstreamAnswer {
  const after = `after ${Math.round(latencyMs)} ms`;
  const why = deadline.isCut
    ? ({ errorKind: 'cut', message: `this process had to end, ${after}` } as const)
    : ({ errorKind: 'timeout', message: `no answer had come at the deadline, ${after}` } as const);
  return { kind: 'broken', ...why, sent, status: null, latencyMs };
}
