import { loadPeer } from '../peers';

/** One split of 90 : 10, evaluated without a network. Each has loops of its own, so that none spoils another's. */
export interface Evaluation {
  readonly name: string;
  /** Decides for each of the users in turn; how many the candidate got. */
  sticky(calls: number, users: readonly string[]): number;
  /** Decides for nobody in particular. */
  free(calls: number): number;
  close(): void;
}

interface UnleashClient {
  on(event: string, listener: () => void): void;
  getVariant(name: string, context: object): { readonly name: string };
  destroy(): void;
}

interface GrowthBookClient {
  initSync(options: object): GrowthBookClient;
  getFeatureValue(key: string, fallback: string, user: object): string;
  destroy(): void;
}

export async function unleash(say: (line: string) => void): Promise<Evaluation> {
  const { Unleash, InMemStorageProvider } = loadPeer<{
    readonly Unleash: new (options: object) => UnleashClient;
    readonly InMemStorageProvider: new () => object;
  }>('unleash-client', say);
  const client = new Unleash({
    appName: 'bench',
    url: 'http://127.0.0.1:9/api',
    refreshInterval: 0,
    disableMetrics: true,
    skipInstanceCountWarning: true,
    storageProvider: new InMemStorageProvider(),
    bootstrap: { data: [toggle('sticky', 'userId'), toggle('free', 'random')] },
  });
  // It asks its server once, which is not there; the bootstrap stays.
  client.on('error', () => {});
  client.on('warn', () => {});
  await new Promise<void>((resolve) => client.on('ready', resolve));
  return {
    name: 'unleash-client',
    sticky(calls, users) {
      let candidates = 0;
      for (let at = 0; at < calls; at++) {
        if (client.getVariant('sticky', { userId: users[at % users.length] }).name === 'runware') candidates++;
      }
      return candidates;
    },
    free(calls) {
      let candidates = 0;
      for (let at = 0; at < calls; at++) if (client.getVariant('free', {}).name === 'runware') candidates++;
      return candidates;
    },
    close: () => client.destroy(),
  };
}

function toggle(name: string, stickiness: string): object {
  const variant = (provider: string, weight: number) => ({
    name: provider,
    weight,
    weightType: 'variable',
    stickiness,
  });
  const parameters = { rollout: '100', stickiness, groupId: name };
  return {
    ...{ name, type: 'release', enabled: true, stale: false, impressionData: false },
    strategies: [{ name: 'flexibleRollout', parameters, constraints: [] }],
    variants: [variant('fal', 900), variant('runware', 100)],
  };
}

export function growthbook(say: (line: string) => void): Evaluation {
  const { GrowthBookClient } = loadPeer<{ readonly GrowthBookClient: new () => GrowthBookClient }>(
    '@growthbook/growthbook',
    say,
  );
  const rule = { key: 'split', variations: ['fal', 'runware'], weights: [0.9, 0.1], hashAttribute: 'id' };
  const features = { split: { defaultValue: 'fal', rules: [rule] } };
  const client = new GrowthBookClient().initSync({ payload: { features } });
  const value = (id: string) => client.getFeatureValue('split', 'fal', { attributes: { id } });
  let fresh = 0;
  return {
    name: '@growthbook/growthbook',
    sticky(calls, users) {
      let candidates = 0;
      for (let at = 0; at < calls; at++) if (value(users[at % users.length] ?? '') === 'runware') candidates++;
      return candidates;
    },
    // It splits by an attribute only: whoever has no user gives it a fresh one.
    free(calls) {
      let candidates = 0;
      for (let at = 0; at < calls; at++) if (value(String(fresh++)) === 'runware') candidates++;
      return candidates;
    },
    close: () => client.destroy(),
  };
}
