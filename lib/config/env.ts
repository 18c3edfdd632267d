import { z } from 'zod';
import { excerpt } from '@/lib/kernel/excerpt';
import { onceInProcess } from '@/lib/kernel/once-in-process';
import {
  checked,
  contactFault,
  flag,
  list,
  listenAddress,
  numeric,
  origin,
  postgresUrl,
  sandboxUrlFault,
  secret,
  secretFault,
  webAddressFault,
} from './env-rules';
import { isLoopback, secretFaults } from './env-secrets';
import { isKeylessPreview, simulatesInProcess } from './preview';
import { providerKeysIn } from './provider-keys';
import { secretKeyFault } from './secret-key';

const perMinute = numeric(0, 1_000_000, ' a minute; 0 is no limit').default(0);
const milliseconds = numeric(100, 600_000, ' ms');
const hostName = (part: string) =>
  /^[\w.-]+(?::\d+)?$|^\[[\da-f:]+\](?::\d+)?$/i.test(part) ? null : `"${excerpt(part)}" is not a host name`;

const schema = z.object({
  DATABASE_URL: postgresUrl.optional(),
  /** What hosting integrations set; DATABASE_URL wins over both, and the pooled one over the direct one. */
  POSTGRES_URL: postgresUrl.optional(),
  POSTGRES_URL_NON_POOLING: postgresUrl.optional(),
  FAL_KEY: secret.optional(),
  FAL_BASE_URL: origin.default('https://fal.run'),
  /** Prices; left out, the vendor's own for the vendor's own FAL_BASE_URL, else the same origin. */
  FAL_API_BASE_URL: origin.optional(),
  /** Where FAL publishes the keys that sign its webhooks; left out, its own. */
  FAL_JWKS_URL: checked(webAddressFault).optional(),
  RUNWARE_API_KEY: secret.optional(),
  RUNWARE_BASE_URL: origin.default('https://api.runware.ai'),
  /** Seals the providers' keys that are stored in the database. */
  SLUICE_SECRET_KEY: checked(secretKeyFault).optional(),
  CRON_SECRET: secret.optional(),
  SLUICE_ADMIN_TOKEN: secret.optional(),
  SLUICE_API_KEYS: list(secretFault).default([]),
  /** Services that report what happened to requests of others; they may not generate. */
  SLUICE_EVENT_KEYS: list(secretFault).default([]),
  /** The same, and of times longer ago. */
  SLUICE_BACKFILL_KEYS: list(secretFault).default([]),
  /** An open dashboard asks by itself; only a person's clicks and keys count as use. */
  SLUICE_SESSION_IDLE_MINUTES: numeric(5, 720, ' minutes').default(60),
  /** Everyone who signs in by Supabase needs a second factor; left off, only those who have enrolled one. */
  SLUICE_REQUIRE_MFA: flag.default(false),
  SUPABASE_URL: origin.optional(),
  SUPABASE_PUBLISHABLE_KEY: secret.optional(),
  GEN_BASELINE_COST_USD: numeric(0.000001, 100, ' US dollars', false).optional(),
  PORT: numeric(0, 65_535, '').default(3000),
  HOST: listenAddress.default('127.0.0.1'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be one of trace, debug, info, warn, error, fatal, silent',
    })
    .default('info'),
  SLUICE_SANDBOX: flag.default(false),
  /** Where the sandbox plays each adapter: `openai=http://127.0.0.1:4300,…`. */
  SLUICE_SANDBOX_URLS: list(sandboxUrlFault).default([]),
  SLUICE_POOLED: flag.optional(),
  SLUICE_DATA_DIR: z.string().min(1, 'is set to an empty string; give it a value or unset it').default('.data'),
  /** Where npm start and its processes write; left out, a file of the data folder. */
  SLUICE_LOG_FILE: z.string().min(1, 'is set to an empty string; give it a value or unset it').optional(),
  SLUICE_ALLOWED_HOSTS: list(hostName).default([]),
  SLUICE_PUBLIC_URL: origin.optional(),
  SLUICE_SECURITY_CONTACT: list(contactFault).default([]),
  /** Alerts and the webhooks of jobs may go to http and private addresses: closed networks and tests. */
  SLUICE_ALLOW_PRIVATE_WEBHOOKS: flag.default(false),
  /** How many proxies of ours add to X-Forwarded-For; of what stands further left anybody may be the author. */
  SLUICE_TRUST_PROXY: numeric(0, 10, ', the number of your proxies in front').default(0),
  SLUICE_ATTEMPT_TIMEOUT_MS: milliseconds.default(30_000),
  SLUICE_REQUEST_TIMEOUT_MS: milliseconds.default(60_000),
  /** Calls that may run at one provider at once; callers beyond wait in line. */
  SLUICE_PROVIDER_CONNECTIONS: numeric(1, 10_000, ' connections').default(256),
  SLUICE_QUEUE_TIMEOUT_MS: milliseconds.default(20_000),
  /** How long a process that is told to end lets calls run; left out: the deadline of an attempt. */
  SLUICE_DRAIN_SECONDS: numeric(0, 600, ' seconds').optional(),
  SLUICE_RATE_GENERATE: perMinute,
  SLUICE_RATE_EVENTS: perMinute,
  /** Events of images made hold their addresses, said to be good for so long; 0: they hold none. */
  SLUICE_EVENT_IMAGE_HOURS: numeric(0, 24 * 365, ' hours; 0 keeps addresses out of events').default(0),
  SLUICE_RATE_SIGN_IN: numeric(0, 1_000_000, ' a minute; 0 is no limit').default(10),
  SLUICE_RATE_CRON: numeric(0, 1_000_000, ' a minute; 0 is no limit').default(60),
  /** Set by Vercel; then nothing stays in memory or on disk between requests. */
  VERCEL: z.string().optional(),
  /** production, or anything else for a preview; not said, it is taken for production. */
  VERCEL_ENV: z.string().optional(),
  VERCEL_URL: z.string().optional(),
  VERCEL_BRANCH_URL: z.string().optional(),
  VERCEL_PROJECT_PRODUCTION_URL: z.string().optional(),
});

export interface Env extends z.output<typeof schema> {
  /** What may be keys of providers, by the names of their variables. */
  readonly providerKeys: Readonly<Record<string, string>>;
}
/** Every variable there is; .env.example explains each. */
export const envKeys: readonly string[] = Object.keys(schema.shape);
export type Source = Readonly<Record<string, string | undefined>>;

export interface EnvFault {
  readonly key: string;
  readonly sentence: string;
}

export class BadEnvironment extends Error {
  constructor(readonly faults: readonly EnvFault[]) {
    super(`Bad environment:\n${faults.map(({ key, sentence }) => `  ${key} ${sentence}`).join('\n')}`);
    this.name = 'BadEnvironment';
  }
}

/** Integrations give a preview production's database: nothing simulated goes to one that was not named for it. */
const unaskedSandbox = {
  SLUICE_SANDBOX: '1',
  DATABASE_URL: undefined,
  POSTGRES_URL: undefined,
  POSTGRES_URL_NON_POOLING: undefined,
};

/** The whole environment, or one error that names every bad key. */
export function parseEnv(source: Source): Env {
  const isUnasked = source.SLUICE_SANDBOX === undefined && isKeylessPreview(source);
  const parsed = schema.safeParse(isUnasked ? { ...source, ...unaskedSandbox } : source);
  const faults: EnvFault[] = (parsed.error?.issues ?? []).map((issue) => ({
    key: String(issue.path[0]),
    sentence: issue.message,
  }));
  if (parsed.success) faults.push(...togetherFaults(parsed.data));
  if (!parsed.success || faults.length > 0) throw new BadEnvironment(faults);
  const { DATABASE_URL, POSTGRES_URL, POSTGRES_URL_NON_POOLING } = parsed.data;
  const url = DATABASE_URL ?? POSTGRES_URL ?? POSTGRES_URL_NON_POOLING;
  const env = { ...parsed.data, providerKeys: providerKeysIn(source) };
  return url === undefined ? env : { ...env, DATABASE_URL: url };
}

function togetherFaults(env: z.output<typeof schema>): EnvFault[] {
  const faults: EnvFault[] = [];
  const open = env.VERCEL ? 'on Vercel' : isLoopback(env.HOST) ? null : `when HOST is ${env.HOST}, not loopback`;
  if (open && env.SLUICE_API_KEYS.length === 0 && !simulatesInProcess(env)) {
    faults.push({ key: 'SLUICE_API_KEYS', sentence: `is required ${open}: anybody could spend your provider keys` });
  }
  faults.push(...secretFaults(env));
  if (env.SLUICE_REQUEST_TIMEOUT_MS < env.SLUICE_ATTEMPT_TIMEOUT_MS) {
    faults.push({
      key: 'SLUICE_REQUEST_TIMEOUT_MS',
      sentence: `is ${env.SLUICE_REQUEST_TIMEOUT_MS} ms; it must be at least SLUICE_ATTEMPT_TIMEOUT_MS, ${env.SLUICE_ATTEMPT_TIMEOUT_MS} ms`,
    });
  }
  return faults;
}

/** How long calls may go on in a process that has been told to end. */
export function drainMs(env: Pick<Env, 'SLUICE_DRAIN_SECONDS' | 'SLUICE_ATTEMPT_TIMEOUT_MS'>): number {
  return env.SLUICE_DRAIN_SECONDS === undefined ? env.SLUICE_ATTEMPT_TIMEOUT_MS : env.SLUICE_DRAIN_SECONDS * 1000;
}

/** The environment of this process, parsed once for every copy of this module. */
export function env(): Env {
  return onceInProcess('env', () => parseEnv(process.env));
}
