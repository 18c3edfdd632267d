import type { Heartbeat } from '../instances/instance-store';

export type SeenInstance = Heartbeat & { readonly seenAtMs: number };
type ProviderNews = Heartbeat['providers'][string];

/** An instance beats every few seconds; one that missed several is gone or frozen, and routes nothing. */
const aliveSeconds = 15;
/** Events travel within a second; when the oldest waits this long, they do not arrive. */
const blindAfterMs = 30_000;

export function isAlive(instance: SeenInstance, nowMs: number): boolean {
  return nowMs - instance.seenAtMs <= aliveSeconds * 1000;
}

export function routersOf(instances: readonly SeenInstance[], nowMs: number): SeenInstance[] {
  return instances.filter((instance) => instance.kind === 'web' && isAlive(instance, nowMs));
}

/**
 * True when every router goes by the row's version; nobody routing means nobody routes by an old one. Without a row
 * (version 0) a router that has never read one has nothing to catch up with, and the first stage can begin.
 */
export function seenByAll(instances: readonly SeenInstance[], version: number, nowMs: number): boolean {
  return routersOf(instances, nowMs).every((instance) => (instance.version ?? 0) === version);
}

export interface Blindness {
  /** No router's events arrive: the log says nothing about now. */
  readonly total: boolean;
  /** Some router's events do not arrive: the log is thinner than the traffic. */
  readonly instances: readonly string[];
}

export function blindness(instances: readonly SeenInstance[], nowMs: number): Blindness {
  const routing = routersOf(instances, nowMs).filter(({ assigned }) => Object.values(assigned).some((n) => n > 0));
  const blind = routing.filter(({ oldestUnsentMs }) => (oldestUnsentMs ?? 0) > blindAfterMs);
  return { total: blind.length > 0 && blind.length === routing.length, instances: blind.map(({ id }) => id) };
}

/** What the routers say of one provider, the worst news first; null when nobody has said anything. */
export function newsOf(instances: readonly SeenInstance[], provider: string, nowMs: number): readonly ProviderNews[] {
  const said = routersOf(instances, nowMs).flatMap(({ providers }) => providers[provider] ?? []);
  return said.sort((a, b) => Number(a.configured) - Number(b.configured) || Number(a.ok) - Number(b.ok));
}

/** Why a provider cannot be trusted with more traffic, by the router that has the worst to say. */
export function providerFault(news: readonly ProviderNews[]): string | null {
  const [worst] = news;
  if (worst === undefined || (worst.configured && worst.ok)) return null;
  return worst.configured ? (worst.error ?? 'its probe fails') : 'no key is configured';
}
