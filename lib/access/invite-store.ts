import type { Role } from '@/lib/api/roles';
import type { Sql } from '@/lib/postgres/sql';
import { actingAs } from './acting-as';
import type { Identity } from './identity';
import { aloneWith, closeInvites } from './open-invites';
import { insertOperator } from './operator-store';

export interface Invite {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly expiresAtMs: number;
}

interface Row {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  readonly created_at: Date;
  readonly created_by: string;
  readonly expires_at: Date;
}

interface NewInvite {
  readonly hash: string;
  readonly name: string;
  readonly role: Role;
  readonly validSeconds: number;
  readonly by: string;
}

interface Accepted {
  readonly hash: string;
  readonly passwordHash: string;
  /** Of a token that is told to no one: the sessions of this operator end when it is changed. */
  readonly tokenHash: string;
}

export type InviteStore = ReturnType<typeof inviteStore>;

export function inviteStore(sql: Sql) {
  const open = sql`i.used_at is null and i.revoked_at is null and i.expires_at > now()`;
  return {
    /** Instead of any that is still open for this name. */
    async add({ hash, name, role, validSeconds, by }: NewInvite): Promise<Invite> {
      return sql.begin(async (tx) => {
        await actingAs(tx, by);
        await aloneWith(tx, name);
        await closeInvites(tx, name);
        const [row] = await tx<Row[]>`
          insert into sluice.invites (hash, name, role, expires_at, created_by)
          values (${hash}, ${name}, ${role}, now() + make_interval(secs => ${validSeconds}), ${by})
          returning id::float8 as id, name, role, created_at, created_by, expires_at`;
        if (row === undefined) throw new Error('the invite was not stored');
        return inviteOf(row);
      });
    },

    /** Those that can still be accepted, the newest first. */
    async list(): Promise<readonly Invite[]> {
      const rows = await sql<Row[]>`
        select i.id::float8 as id, i.name, i.role, i.created_at, i.created_by, i.expires_at
        from sluice.invites i where ${open} order by i.id desc limit 200`;
      return rows.map(inviteOf);
    },

    async revoke(id: number, by: string): Promise<boolean> {
      return sql.begin(async (tx) => {
        await actingAs(tx, by);
        const rows =
          await tx`update sluice.invites i set revoked_at = now() where i.id = ${id} and ${open} returning i.id`;
        return rows.length === 1;
      });
    },

    /** Whose it is, without using it up. */
    async find(hash: string): Promise<Invite | null> {
      const [row] = await sql<Row[]>`
        select i.id::float8 as id, i.name, i.role, i.created_at, i.created_by, i.expires_at
        from sluice.invites i where i.hash = ${hash} and ${open}`;
      return row === undefined ? null : inviteOf(row);
    },

    /**
     * Uses it up, with any other of its name, and makes the operator; all or nothing. `taken`: an operator of that name
     * signs in already.
     */
    async accept({ hash, passwordHash, tokenHash }: Accepted): Promise<Identity | 'gone' | 'taken'> {
      return sql
        .begin(async (tx): Promise<Identity | 'gone'> => {
          const [named] = await tx<Pick<Row, 'name'>[]>`select i.name from sluice.invites i where i.hash = ${hash}`;
          if (named === undefined) return 'gone';
          const { name } = named;
          await actingAs(tx, `operator:${name}`);
          await aloneWith(tx, name);
          const [invite] = await tx<Pick<Row, 'role' | 'created_by'>[]>`
            update sluice.invites i set used_at = now() where i.hash = ${hash} and ${open} returning i.role, i.created_by`;
          if (invite === undefined) return 'gone';
          const { role, created_by } = invite;
          await closeInvites(tx, name);
          const operator = { name, role, tokenHash, passwordHash, validSeconds: null, createdBy: created_by };
          if (!(await insertOperator(tx, operator))) throw new NameTaken();
          return { name: `operator:${name}`, role };
        })
        .catch((error) => {
          if (error instanceof NameTaken) return 'taken' as const;
          throw error;
        });
    },
  };
}

/** Thrown to roll the transaction back. */
class NameTaken extends Error {}

function inviteOf({ id, name, role, created_at, created_by, expires_at }: Row): Invite {
  return {
    ...{ id, name, role, createdBy: created_by },
    ...{ createdAtMs: created_at.getTime(), expiresAtMs: expires_at.getTime() },
  };
}
