import { z } from 'zod';
import type { AlertView } from '@/lib/api/alerts';
import type { JournalEntry } from '@/lib/api/journal-entry';
import { roles } from '@/lib/api/roles';
import type { PolicyView, Written } from '@/lib/api/views';
import type { PolicyWire } from '@/lib/split/policy/format-policy';
import { metrics } from '@/lib/split/policy/metrics';
import { nullableText } from './nullable';

const text = z.string();
export const metric = z.enum(metrics);
export const role = z.enum(roles);

/** A write that landed; its version is also the ETag. */
export const written = z.looseObject({
  version: z.int(),
  journal_id: z.int().nullable(),
}) satisfies z.ZodType<Written>;

export const alert = z.object({
  id: z.int(),
  kind: text,
  at: text,
  detail: text,
  params: z.record(text, z.unknown()),
  journal_id: z.int().nullable(),
  blocks_advance: z.boolean(),
  acknowledged: z.object({ at: text, by: text, reason: nullableText }).nullable(),
  resolved_at: nullableText,
}) satisfies z.ZodType<Omit<AlertView, 'kind'>>;

export const alerts = z.object({ alerts: z.array(alert) });
export const acknowledged = z.object({ id: z.int() });

const shares = z.record(text, z.number());

/** A policy as it is given out: whole, whatever was left out when it was written. */
const policyWire = z.looseObject({
  baseline: text,
  candidate: text.optional(),
  candidates: z.array(text).optional(),
  stages: z.array(z.looseObject({ name: text, weights: shares, observe: nullableText })),
  rollback: shares,
  redLines: z.array(
    z.looseObject({
      metric,
      limit: z.number().optional(),
      timesBaseline: z.number().optional(),
      window: text,
      hold: text,
    }),
  ),
  evidence: z.enum(['confirmed', 'observed']),
  minRequests: z.int(),
  maxPinned: z.number().optional(),
  baselineCostUsd: z.number().nullable(),
  autoAdvance: z.boolean(),
}) satisfies z.ZodType<PolicyWire>;

export const policyView = z.object({
  version: z.int(),
  source: z.enum(['default', 'row']),
  fault: nullableText,
  policy: policyWire,
}) satisfies z.ZodType<Omit<PolicyView, 'policy'>>;

export const journalEntry = z.object({
  id: z.int(),
  flag_key: text,
  seq: z.int(),
  at: text,
  actor: text,
  login: text,
  verb: text,
  was: nullableText,
  becomes: nullableText,
  stage_from: nullableText,
  stage_to: nullableText,
  version_from: z.int().nullable(),
  version: z.int(),
  reason: nullableText,
  evidence: z.unknown(),
  policy_version: z.int().nullable(),
  hash: text,
}) satisfies z.ZodType<JournalEntry>;

export const journal = z.object({ entries: z.array(journalEntry) });

export const who = z.looseObject({ name: text, role });
export const codeSent = z.object({ sent: z.literal(true) });
export const ownPassword = z.object({
  allowed: z.boolean().describe('passwords of ours let anybody in'),
  yours: z.boolean().describe('you have one'),
});
export const passwordChanged = z.object({ sessions_ended: z.int().describe('of yours, elsewhere') });
export const signedOut = z.object({ signed_out: z.literal(true) });

export const operators = z.object({
  operators: z.array(
    z.looseObject({
      name: text,
      role,
      created_at: nullableText,
      created_by: text,
      expires_at: nullableText,
      last_used_at: nullableText,
      revoked_at: nullableText,
    }),
  ),
});
export const operatorAdded = z.looseObject({ name: text, role, token: text });
export const operatorRevoked = z.looseObject({ revoked: text });

export const sessions = z.object({
  sessions: z.array(
    z.looseObject({
      id: z.int(),
      operator: text,
      role,
      way: text,
      opened_at: text,
      last_seen_at: text,
      expires_at: text,
    }),
  ),
});
export const sessionEnded = z.object({ ended: z.int() });

export const channels = z.object({
  channels: z.array(
    z.looseObject({
      id: z.int(),
      name: nullableText,
      alerts: z.array(text).nullable().describe('what is told there; null: all'),
      kind: text,
      host: text,
      signed: z.boolean(),
      enabled: z.boolean(),
      created_at: text,
      created_by: text,
      delivered_at: nullableText,
      waiting: z.int(),
      last_error: nullableText,
    }),
  ),
});
const invite = z.object({
  ...{ id: z.int(), name: text, role: text, created_at: text, created_by: text, expires_at: text },
});
export const invites = z.object({ invites: z.array(invite) });
export const inviteMade = invite.extend({ path: text, url: nullableText.describe('where SLUICE_PUBLIC_URL is known') });
export const inviteFor = invite.pick({ name: true, role: true, expires_at: true });
export const inviteRevoked = z.object({ revoked: z.int() });

export const deliveries = z.object({
  deliveries: z.array(
    z.looseObject({
      id: z.int(),
      channel: z.int(),
      kind: text,
      detail: text,
      alert_id: z.int().nullable(),
      at: text,
      attempts: z.int(),
      delivered_at: nullableText,
      given_up_at: nullableText.describe('it will not be tried again'),
      error: nullableText.describe('of its last try'),
    }),
  ),
});
export const channelChanged = z.object({ changed: z.int() });
export const channelAdded = z.object({ id: z.int() });
export const channelRemoved = z.object({ removed: z.int() });
export const channelTested = z.object({ delivered: z.boolean(), error: nullableText });
