import { z } from 'zod';
import { excerpt } from '@/lib/kernel/excerpt';
import type { DialectRules } from '@/lib/registry/dialects/dialect';

const authSchemes = ['bearer', 'header', 'query', 'kling-jwt', 'volc-signature', 'none'] as const;

const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'is not the name of a header');
const auth = z.object({
  scheme: z.enum(authSchemes),
  /** Of the header or of the query. */
  name: z.string().min(1).max(64).optional(),
  region: z.string().max(64).optional(),
  service: z.string().max(64).optional(),
});
const options = z.object({
  dialect: z.string().max(32).default('generic'),
  path_prefix: z
    .string()
    .regex(/^(?:\/[\w.~-]+)+$/, 'must be like /api, without a slash at its end')
    .optional(),
  auth: auth.default({ scheme: 'bearer' }),
  headers: z
    .record(headerName, z.string().regex(/^[\x20-\x7e\t]{0,1024}$/, 'must be one line of plain text'))
    .default({}),
  pass: z.array(headerName).max(64).default([]),
  timeout_ms: z.number().int().min(1000).max(3_600_000).default(300_000),
  usd_per_create: z.number().min(0).lt(100_000).optional(),
});

export type RelayAuth = z.output<typeof auth>;

/** How a relay speaks to its provider. */
export interface RelayOptions {
  readonly dialect: string;
  readonly auth: RelayAuth;
  /** Sent with every request; names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  /** What of a caller's headers passes beside the usual ones, in small letters. */
  readonly pass: readonly string[];
  /** Sent where a caller says none: what the vendor wants of every client. */
  readonly usual: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** What a create holds of a caller's money until it is known what it cost; null: nothing. */
  readonly usdPerCreate: number | null;
}

/** A text: why they cannot be used. */
export function relayOptions(written: Readonly<Record<string, unknown>>): RelayOptions | string {
  const parsed = options.safeParse(written);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `options.${issue?.path.map(String).join('.')} ${issue?.message ?? 'is invalid'}`;
  }
  const { dialect, auth, pass, timeout_ms: timeoutMs, usd_per_create: usdPerCreate = null } = parsed.data;
  const headers = Object.fromEntries(
    Object.entries(parsed.data.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  if ((auth.scheme === 'header' || auth.scheme === 'query') && auth.name === undefined) {
    return `options.auth.name is missing: the scheme ${auth.scheme} says the key under a name`;
  }
  if (auth.scheme === 'header' && !headerName.safeParse(auth.name).success) {
    return `options.auth.name ${excerpt(auth.name ?? '')} is not the name of a header`;
  }
  return { dialect, auth, headers, pass: pass.map((name) => name.toLowerCase()), usual: {}, timeoutMs, usdPerCreate };
}

/** With what its dialect's clients say. */
export function withUsual(options: RelayOptions, headers: DialectRules['headers'] = {}): RelayOptions {
  const said = Object.entries(headers).filter((each): each is [string, string] => each[1] !== null);
  return { ...options, pass: [...options.pass, ...Object.keys(headers)], usual: Object.fromEntries(said) };
}
