import type { Role } from '@/lib/api/roles';
import { gathered } from '@/lib/kernel/gathered';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { actingAs } from './acting-as';
import { type Identity, type Operator, usualIdleSeconds } from './identity';
import { aloneWith, closeInvites } from './open-invites';

interface OperatorRow {
  readonly name: string;
  readonly role: Role;
  readonly created_at: Date;
  readonly created_by: string;
  readonly expires_at: Date | null;
  readonly last_used_at: Date | null;
  readonly revoked_at: Date | null;
}

interface AddedOperator {
  readonly name: string;
  readonly role: Role;
  readonly tokenHash: string;
  /** Left out: they sign in by their token alone. */
  readonly passwordHash?: string | null;
  /** null: for good. */
  readonly validSeconds: number | null;
  readonly createdBy: string;
}

interface ChangedPassword {
  readonly name: string;
  readonly was: string;
  readonly becomes: string;
  /** Digest of the session that goes on; null: none does. */
  readonly kept: string | null;
}

export type OperatorStore = ReturnType<typeof operatorStore>;

/** A revoked name may come back with a new token; a live one is never overwritten, however it is written: false. */
export async function insertOperator(tx: Tx, operator: AddedOperator): Promise<boolean> {
  const { name, role, tokenHash, passwordHash = null, validSeconds, createdBy } = operator;
  const rows = await tx`
    insert into sluice.operators (name, role, token_hash, password_hash, expires_at, created_by)
    select ${name}, ${role}, ${tokenHash}, ${passwordHash}::text, now() + make_interval(secs => ${validSeconds}), ${createdBy}
    where not exists (select from sluice.operators o
      where lower(o.name) = lower(${name}) and o.name <> ${name} and o.revoked_at is null)
    on conflict (name) do update set role = excluded.role, token_hash = excluded.token_hash,
      password_hash = ${passwordHash}, expires_at = excluded.expires_at, created_by = excluded.created_by,
      created_at = now(), last_used_at = null, revoked_at = null
    where operators.revoked_at is not null
    returning name`;
  return rows.length === 1;
}

export function operatorStore(sql: Sql, idleSeconds = usualIdleSeconds) {
  return {
    /** false when an operator of that name exists and is not revoked. */
    add: (operator: AddedOperator): Promise<boolean> =>
      sql.begin(async (tx) => {
        await actingAs(tx, operator.createdBy);
        return insertOperator(tx, operator);
      }) as Promise<boolean>,

    async list(): Promise<readonly Operator[]> {
      const rows = await sql<OperatorRow[]>`
        select o.name, o.role, o.created_at, o.created_by, o.expires_at, o.last_used_at, o.revoked_at
        from sluice.operators o order by o.name`;
      return rows.map(operatorOf);
    },

    /** The operator of that name who may sign in by a password now; null: there is none. */
    async withPassword(name: string): Promise<(Identity & { tokenHash: string; passwordHash: string }) | null> {
      const [row] = await sql<{ name: string; role: Role; token_hash: string; password_hash: string }[]>`
        select o.name, o.role, o.token_hash, o.password_hash from sluice.operators o
        where o.name = ${name} and o.password_hash is not null and o.revoked_at is null
          and (o.expires_at is null or o.expires_at > now())`;
      return row === undefined
        ? null
        : { ...identityOf(row), tokenHash: row.token_hash, passwordHash: row.password_hash };
    },

    /**
     * Another password in the place of this one, by its operator; every session of theirs but the kept one ends. How
     * many that still ran did; null when it is not their password any more.
     */
    async changePassword({ name, was, becomes, kept }: ChangedPassword): Promise<number | null> {
      return sql.begin(async (tx) => {
        await actingAs(tx, `operator:${name}`);
        await aloneWith(tx, name);
        const rows = await tx`
          update sluice.operators o set password_hash = ${becomes}
          where o.name = ${name} and o.password_hash = ${was} and o.revoked_at is null returning o.name`;
        if (rows.length === 0) return null;
        const ended = await tx<{ ran: boolean }[]>`
          update sluice.sessions s set revoked_at = now()
          where s.operator = ${`operator:${name}`} and s.revoked_at is null and s.id_hash is distinct from ${kept}::text
          returning s.expires_at > now() and s.last_seen_at > now() - make_interval(secs => ${idleSeconds}) as ran`;
        return ended.filter(({ ran }) => ran).length;
      });
    },

    /** Revokes the token, every session it opened and every invite of that name, in one transaction; false when there is no such operator. */
    async revoke(name: string, by: string): Promise<boolean> {
      return sql.begin(async (tx) => {
        await actingAs(tx, by);
        await aloneWith(tx, name);
        const rows = await tx`
          with revoked as (
            update sluice.operators o set revoked_at = now()
            where o.name = ${name} and o.revoked_at is null returning o.name
          ), closed as (
            update sluice.sessions s set revoked_at = now() from revoked r
            where s.operator = 'operator:' || r.name and s.revoked_at is null
          )
          select r.name from revoked r`;
        if (rows.length === 1) await closeInvites(tx, name);
        return rows.length === 1;
      });
    },

    // However many ask at once, and be their tokens made up: one statement at a time.
    /** Who holds this token, if it is neither revoked nor expired; remembers that it was used. */
    byToken: gathered(
      async (hashes: readonly string[]) => {
        // Last use is kept to the minute: a row written at each request would be all this table does.
        const rows = await sql<{ token_hash: string; name: string; role: Role }[]>`
          with known as (
            select o.token_hash, o.name, o.role, o.last_used_at from sluice.operators o
            where o.token_hash = any(${hashes as string[]}) and o.revoked_at is null
              and (o.expires_at is null or o.expires_at > now())
          ), used as (
            update sluice.operators o set last_used_at = now() from known k
            where o.name = k.name and (k.last_used_at is null or k.last_used_at < now() - interval '1 minute')
          )
          select k.token_hash, k.name, k.role from known k`;
        const known = new Map(rows.map((row) => [row.token_hash, identityOf(row)]));
        return hashes.map((hash) => known.get(hash) ?? null);
      },
      { most: 500, flights: 2, patienceMs: 1000 },
    ),
  };
}

function identityOf({ name, role }: { readonly name: string; readonly role: Role }): Identity {
  return { name: `operator:${name}`, role };
}

function operatorOf(row: OperatorRow): Operator {
  return {
    name: row.name,
    role: row.role,
    createdAtMs: row.created_at.getTime(),
    createdBy: row.created_by,
    expiresAtMs: row.expires_at?.getTime() ?? null,
    lastUsedAtMs: row.last_used_at?.getTime() ?? null,
    revokedAtMs: row.revoked_at?.getTime() ?? null,
  };
}
