import type { Deadline } from '@/lib/kernel/deadline';
import type { ProviderSettings } from '../settings';
import type { Upstream, UpstreamAnswer, UpstreamCall } from '../upstream';
import { seededChance } from './chance';
import { draw } from './draw';
import { falVendor } from './fal';
import { healthy } from './faults';
import { drawPicture, readPictureUrl } from './picture';
import { runwareVendor } from './runware';
import { type SandboxRequest, sandboxKeys, type Vendor, type World } from './vendor';

/** Both vendors simulated by this process, for hosts without ports and child processes; `origin` serves the pictures. */
export function sandboxSettings(origin: string, seed: number): Readonly<Record<'fal' | 'runware', ProviderSettings>> {
  const settings = (vendor: Vendor, chosen: number): ProviderSettings => {
    const upstream = inProcess(vendor, origin, chosen);
    return { key: sandboxKeys[vendor.name], baseUrl: origin, open: () => upstream };
  };
  return { fal: settings(falVendor(), seed), runware: settings(runwareVendor(), seed + 1) };
}

/** The picture at a URL that one of them gave out; null for any other. */
export function sandboxPicture(url: string): string | null {
  const picture = readPictureUrl(new URL(url));
  return picture && drawPicture(picture);
}

/** A vendor's own words, late as the real one, without a wire: always well, since its faults cannot be set. */
function inProcess(vendor: Vendor, origin: string, seed: number): Upstream {
  const chance = seededChance(seed);
  const faults = healthy(vendor.usualCost);
  const key = sandboxKeys[vendor.name];
  const world: World = { origin, key, faults, draw: () => draw(faults, chance), now: () => performance.now() };
  return {
    origin,
    async call(call, deadline) {
      const startedAt = performance.now();
      const since = () => performance.now() - startedAt;
      if (deadline.aborted) return atDeadline(deadline, false, since());
      const { reply, draw: drawn } = vendor.serve(requestOf(call, origin), world);
      if (!(await waited(drawn?.delayMs ?? 0, deadline))) return atDeadline(deadline, true, since());
      const { status, headers = {}, body } = reply;
      return { kind: 'answer', status, headers, text: JSON.stringify(body), latencyMs: since() };
    },
    close: async () => {},
  };
}

function requestOf({ method, path, headers, body }: UpstreamCall, origin: string): SandboxRequest {
  const { pathname, searchParams, host } = new URL(path, origin);
  const authorization = headers.authorization ?? '';
  return {
    method,
    path: pathname,
    query: searchParams,
    host,
    authorization,
    body: body === null ? undefined : JSON.parse(body),
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
