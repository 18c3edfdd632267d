import { z } from 'zod';
import { channelKinds, tellable } from '@/lib/api/alerts';
import { scopes } from '@/lib/api/scopes';
import { hiddenTextFault } from '@/lib/kernel/plain-text';
import { adapterChoice, providerAdapters } from '@/lib/registry/adapter-names';
import { mostRate } from '@/lib/registry/callers/caller-faults';
import { dialectRules } from '@/lib/registry/dialects/read-dialect';
import { quotaShape, saidQuota } from '@/lib/registry/quota';
import { providerStates, splitKinds } from '@/lib/registry/registry';
import { globShape, nameShape, prefixShape, slugShape, splitKeyShape } from '@/lib/split/name-shapes';
import { referenceShape } from './looks-secret';

const nameRule = 'must be 1 to 32 small letters, digits, "_" or "-", a letter first';
const name = z.string({ error: nameRule }).regex(nameShape, nameRule);
const slugRule = 'must be 1 to 32 small letters, digits or "-", a letter first';
const slug = z.string({ error: slugRule }).regex(slugShape, slugRule);
const keyRule = 'must be capitals, digits and "_" that end with _WEIGHTS, such as VIDEO_WEIGHTS';
const aliasRule = 'must be 1 to 128 letters, digits, ".", "_", "-", ":", "/" or "@"';
const prefixRule = 'must be a path of one part such as "/kling", in small letters';
const globRule = 'must be a model\'s name or a glob such as "flux-*"';
const referenceRule = `must be a variable of the environment such as "\${SLACK_WEBHOOK_URL}", because what it holds is a secret`;

const text = (most: number) => {
  const rule = `must be a text of 1 to ${most} characters`;
  return z.string({ error: rule }).trim().min(1, rule).max(most, rule);
};
const boolean = z.boolean({ error: 'must be true or false' });
const list = <T extends z.ZodType>(of: T, most: number, what: string) =>
  z
    .array(of, { error: `must be a list such as ${what}` })
    .max(most, `must have at most ${most} entries`)
    .refine((entries) => new Set(entries).size === entries.length, 'must name each of its entries once');
const record = (mostBytes: number) =>
  z
    .record(z.string(), z.unknown(), { error: 'must be an object' })
    .refine(
      (value) => Buffer.byteLength(JSON.stringify(value)) <= mostBytes,
      `must be at most ${mostBytes} bytes of JSON`,
    );
const glob = z.string({ error: globRule }).regex(globShape, globRule);
const prefix = z.string({ error: prefixRule }).regex(prefixShape, prefixRule);
const reference = z.string({ error: referenceRule }).regex(referenceShape, referenceRule);

const provider = z.strictObject(
  {
    adapter: z
      .enum(providerAdapters, { error: `must be ${adapterChoice}, or null where nothing is routed` })
      .nullable()
      .default(null)
      .describe("The code that speaks the vendor's wire format."),
    label: text(80).optional().describe('What people read; left out, the name.'),
    baseUrl: z
      .string({ error: 'must be an origin such as "https://api.example.com"' })
      .nullable()
      .default(null)
      .describe('An origin without a path; left out, the usual one of the adapter.'),
    options: record(4096).default({}),
    state: z
      .enum(providerStates, { error: 'must be active, draining or off' })
      .optional()
      .describe('Left out, it stays as it is.'),
    deprecated: boolean.default(false),
  },
  { error: 'must be an object with adapter, label, baseUrl, options' },
);

const modelAt = z.strictObject(
  {
    model: text(256).describe('What the provider calls it.'),
    price: record(4096).default({}),
    params: record(16_384).default({}).describe('Our parameters to what each is called there; {}: the usual ones.'),
    fixed: record(4096).default({}).describe("Sent with every request, in the provider's own words."),
    lossy: z
      .enum(['pin', 'refuse', 'drop'], { error: 'must be pin, refuse or drop' })
      .default('pin')
      .describe('What becomes of a request that another arm can be told and this one cannot.'),
    enabled: boolean.default(true),
    source: text(500).nullable().default(null).describe('Where id and parameters were read, and when.'),
  },
  { error: 'must be an object with model, price, params, fixed, lossy, enabled, source' },
);

const arm = z.strictObject(
  {
    provider: name.describe('A name of providers.'),
    model: text(128).nullable().default(null).describe('Pinned; left out, as the request says.'),
    params: record(4096).default({}),
  },
  { error: 'must be an object with provider, and model and params where they are pinned' },
);

const quota = quotaShape
  .transform(saidQuota)
  .optional()
  .describe('What may be spent on jobs; what is left out is not limited.');

const split = <P extends z.ZodType>(policy: P) =>
  z.strictObject(
    {
      key: z
        .string({ error: keyRule })
        .regex(splitKeyShape, keyRule)
        .describe('The row of weights in feature_flags. It never changes.'),
      kind: z.enum(splitKinds, { error: 'must be image, job, relay or assign' }),
      label: text(80).optional().describe('What people read; left out, the slug.'),
      match: z
        .strictObject(
          {
            prefixes: list(prefix, 16, '["/kling"]').default([]),
            models: list(glob, 64, '["flux-*"]').default([]),
          },
          { error: 'must be an object with prefixes, models' },
        )
        .prefault({})
        .describe('Which requests come here unasked.'),
      quota,
      default: boolean.default(false).describe('Requests of this kind that name nothing come here.'),
      archived: boolean.default(false),
      arms: z
        .record(name, arm, { error: 'must be an object of arms by name' })
        .refine((arms) => Object.keys(arms).length <= 8, 'must have at most 8 arms')
        .default({}),
      policy: policy.optional().describe('Left out, the stored one stays.'),
    },
    { error: 'must be an object with key, kind, arms' },
  );

const rateRule = `must be null or a whole number from 1 to ${mostRate}`;

const caller = z.strictObject(
  {
    scopes: list(
      z.enum(scopes, { error: `must be ${scopes.slice(0, -1).join(', ')} or ${scopes.at(-1)}` }),
      7,
      '[generate]',
    )
      .min(1, 'must name a scope; a caller without one can do nothing')
      .default(['generate']),
    prefixes: list(prefix, 64, '["/kling"]').default([]),
    models: list(glob, 64, '["flux-*"]').default([]).describe('What it may ask for; left out, every model.'),
    ratePerMinute: z.int({ error: rateRule }).min(1, rateRule).max(mostRate, rateRule).nullable().default(null),
    quota,
  },
  { error: 'must be an object with scopes, prefixes, models, ratePerMinute, quota' },
);

const channel = z.strictObject(
  {
    kind: z.enum(channelKinds, { error: `must be ${channelKinds.join(', ')}` }),
    name: text(64)
      .refine((name) => hiddenTextFault('it', name) === null, 'must be one line of plain text')
      .nullable()
      .optional()
      .describe('What people call it; left out, it stays as it is.'),
    alerts: list(z.enum(tellable, { error: `must be ${tellable.join(', ')}` }), 64, '["rolled_back"]')
      .min(1, 'must name an alert, or be null for every one')
      .nullable()
      .optional()
      .describe('What it is told of; null: of everything; left out, it stays as it is.'),
    url: reference.describe(`The variable of the environment that holds the address, as \${NAME}.`),
    secret: reference.nullable().default(null).describe('The variable that holds what messages are signed with.'),
  },
  { error: 'must be an object with kind, url, secret, name, alerts' },
);

const section = <T extends z.ZodType>(of: T, key: z.ZodString, what: string) =>
  z.record(key, of, { error: `must be an object of ${what} by name` }).default({});

/** sluice.yaml; `policy` is read on its own where its faults are wanted one by one. */
export const shapeOf = <P extends z.ZodType>(policy: P) =>
  z.strictObject(
    {
      dialects: section(dialectRules, name, 'dialects'),
      providers: section(provider, name, 'providers'),
      models: section(
        z.record(name, modelAt, { error: 'must be an object of providers by name' }),
        z.string({ error: aliasRule }).regex(/^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,127}$/, aliasRule),
        'models',
      ),
      splits: section(split(policy), slug, 'splits'),
      callers: section(caller, name, 'callers'),
      channels: z
        .array(channel, { error: 'must be a list of channels' })
        .max(64, 'must have at most 64 entries')
        .default([]),
    },
    { error: 'must be an object with dialects, providers, models, splits, callers, channels' },
  );

export const fileShape = shapeOf(
  z.record(z.string(), z.unknown(), { error: 'must be an object such as {minRequests: 150}' }),
);
export type ConfigFile = z.output<typeof fileShape>;
