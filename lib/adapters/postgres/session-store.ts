import type { Identity, SessionStore } from '@/lib/operations/ports';
import type { Role } from '@/lib/rollout/snapshot';
import type { Sql } from './connection';

interface WhoRow {
  readonly operator: string;
  readonly role: Role;
}

export function sessionStore(sql: Sql): SessionStore {
  return {
    async open({ idHash, who, validSeconds }) {
      await sql`
        insert into sluice.sessions (id_hash, operator, role, expires_at)
        values (${idHash}, ${who.name}, ${who.role}, now() + make_interval(secs => ${validSeconds}))`;
    },

    async find(idHash) {
      const rows = await sql<WhoRow[]>`
        with known as (
          select s.id_hash, s.operator, s.role, s.last_seen_at from sluice.sessions s
          where s.id_hash = ${idHash} and s.revoked_at is null and s.expires_at > now()
        ), seen as (
          update sluice.sessions s set last_seen_at = now() from known k
          where s.id_hash = k.id_hash and (k.last_seen_at is null or k.last_seen_at < now() - interval '1 minute')
        )
        select k.operator, k.role from known k`;
      return identityOf(rows[0]);
    },

    async close(idHash) {
      await sql`update sluice.sessions s set revoked_at = now() where s.id_hash = ${idHash} and s.revoked_at is null`;
    },

    async createLink({ hash, who, validSeconds }) {
      await sql`
        insert into sluice.sign_in_links (hash, operator, role, expires_at)
        values (${hash}, ${who.name}, ${who.role}, now() + make_interval(secs => ${validSeconds}))`;
    },

    async redeemLink(hash) {
      const rows = await sql<WhoRow[]>`
        update sluice.sign_in_links l set used_at = now()
        where l.hash = ${hash} and l.used_at is null and l.expires_at > now()
        returning l.operator, l.role`;
      return identityOf(rows[0]);
    },
  };
}

function identityOf(row: WhoRow | undefined): Identity | null {
  return row ? { name: row.operator, role: row.role } : null;
}
