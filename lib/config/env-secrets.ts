import { type KeyVariable, keyVariables, shippedProviders, type UrlVariable } from './shipped-providers';

type Secrets = { readonly [name in KeyVariable]?: string | undefined } & {
  readonly SLUICE_SECRET_KEY?: string | undefined;
  readonly SLUICE_ADMIN_TOKEN?: string | undefined;
  readonly CRON_SECRET?: string | undefined;
  readonly SLUICE_API_KEYS: readonly string[];
  readonly SLUICE_EVENT_KEYS: readonly string[];
  readonly SLUICE_BACKFILL_KEYS: readonly string[];
};

interface Setting extends Secrets, Readonly<Record<UrlVariable, string>> {
  readonly HOST: string;
  readonly VERCEL?: string | undefined;
  readonly SLUICE_SANDBOX: boolean;
  readonly SLUICE_TRUST_PROXY: number;
  readonly SLUICE_ALLOWED_HOSTS: readonly string[];
  readonly SLUICE_PUBLIC_URL?: string | undefined;
}

interface Fault {
  readonly key: string;
  readonly sentence: string;
}

const leastCharacters = 32;
/** Secrets that let a caller in here; the vendors choose how long their keys are. */
const ours = [
  'SLUICE_SECRET_KEY',
  'SLUICE_ADMIN_TOKEN',
  'CRON_SECRET',
  'SLUICE_API_KEYS',
  'SLUICE_EVENT_KEYS',
  'SLUICE_BACKFILL_KEYS',
] as const;

interface Part {
  readonly key: (typeof ours)[number] | KeyVariable;
  readonly value: string;
  /** `(part 2) ` in a list. */
  readonly where: string;
}

/** Secrets that can be guessed, or of which one tells another. No value is ever repeated. */
export function secretFaults(env: Setting): Fault[] {
  const parts = [...ours, ...keyVariables].flatMap((key) => partsOf(env, key));
  const isPlay = isPlayground(env);
  return parts.flatMap((part, at) => {
    const { key, value, where } = part;
    const twin = parts.slice(0, at).find((each) => each.value === value);
    if (twin) {
      const place = twin.key === key ? `${twin.where}of this list` : twin.key;
      return [{ key, sentence: `${where}stands in ${place} too; each secret needs a value of its own` }];
    }
    const isShort = !isPlay && value.length < leastCharacters && (ours as readonly string[]).includes(key);
    if (!isShort) return [];
    const has = `has ${value.length} character${value.length === 1 ? '' : 's'}`;
    return [{ key, sentence: `${where}${has}; it must have at least ${leastCharacters}: openssl rand -hex 32` }];
  });
}

function partsOf(env: Secrets, key: Part['key']): Part[] {
  const value = env[key];
  if (value === undefined) return [];
  if (typeof value === 'string') return [{ key, value, where: '' }];
  return value.map((each, at) => ({ key, value: each, where: `(part ${at + 1}) ` }));
}

/** Only this machine can reach it, and behind it there is nothing but simulated providers: a guess would win nothing. */
function isPlayground(env: Setting): boolean {
  const isReachable =
    env.VERCEL !== undefined ||
    !isLoopback(env.HOST) ||
    env.SLUICE_TRUST_PROXY > 0 ||
    env.SLUICE_ALLOWED_HOSTS.length > 0 ||
    (env.SLUICE_PUBLIC_URL !== undefined && !isLoopback(new URL(env.SLUICE_PUBLIC_URL).hostname));
  if (isReachable) return false;
  const isSimulated = (key: string | undefined, origin: string) =>
    key === undefined || isLoopback(new URL(origin).hostname);
  return env.SLUICE_SANDBOX || shippedProviders.every(({ key, url }) => isSimulated(env[key], env[url]));
}

export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/i.test(host);
}
