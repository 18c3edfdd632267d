import type { Tx } from '@/lib/postgres/sql';

/** Until this transaction ends, no other invites, admits or revokes an operator of this name. */
export async function aloneWith(tx: Tx, name: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended('sluice operator ' || lower(${name}), 0))`;
}

/** Ends every open invite of this name. */
export async function closeInvites(tx: Tx, name: string): Promise<void> {
  await tx`
    update sluice.invites i set revoked_at = now()
    where lower(i.name) = lower(${name}) and i.used_at is null and i.revoked_at is null and i.expires_at > now()`;
}
