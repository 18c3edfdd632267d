import type { Role } from '@/lib/api/roles';
import { gathered } from '@/lib/kernel/gathered';
import type { Sql } from '@/lib/postgres/sql';
import { actingAs } from './acting-as';
import { type Identity, type OpenedSession, operatorNamed, type SessionWay, usualIdleSeconds } from './identity';
import { aloneWith } from './open-invites';

interface WhoRow {
  readonly operator: string;
  readonly role: Role;
}

interface SessionRow extends WhoRow {
  readonly id: number;
  readonly way: OpenedSession['way'];
  readonly created_at: Date;
  readonly last_seen_at: Date;
  readonly expires_at: Date;
}

interface SessionRules {
  /** A session that was not used for so long has ended. */
  readonly idleSeconds: number;
  /** The digest of today's SLUICE_ADMIN_TOKEN; null: there is none, and no session of one. */
  readonly adminCredential: string | null;
  /** A session that was opened without a second factor has ended: by a password of ours, or before it was asked for. */
  readonly requireMfa?: boolean;
}

/** What is kept of a session of a directory that let nobody in without one. */
export const secondFactor = 'second factor';
const usual: SessionRules = { idleSeconds: usualIdleSeconds, adminCredential: null };

interface NewSession {
  readonly idHash: string;
  readonly who: Identity;
  readonly validSeconds: number;
  readonly way: SessionWay;
  /** Digest of the token that opens it; of a directory `secondFactor` where one was asked for; else null. */
  readonly credential: string | null;
  /** The password's hash that was checked: none is opened by one that was changed meanwhile. */
  readonly passwordHash?: string | null;
}

interface NewLink {
  readonly hash: string;
  readonly who: Identity;
  readonly validSeconds: number;
  readonly by: string;
}

export type SessionStore = ReturnType<typeof sessionStore>;

export function sessionStore(sql: Sql, { idleSeconds, adminCredential, requireMfa = false }: SessionRules = usual) {
  /** Open sessions, with the role of today; a process without the admin token lists those that it opened all the same. */
  const open = (isListed: boolean) => sql`
    sluice.sessions s
    left join sluice.operators o on s.way in ('token', 'password') and o.token_hash = s.credential and o.revoked_at is null
      and (o.expires_at is null or o.expires_at > now())
    where s.revoked_at is null and s.expires_at > now()
      and s.last_seen_at > now() - make_interval(secs => ${idleSeconds})
      and case s.way when 'token' then o.id is not null when 'password' then o.id is not null and not ${requireMfa}
        when 'directory' then not ${requireMfa} or s.credential is not distinct from ${secondFactor}::text
        when 'admin' then s.credential = coalesce(${adminCredential}::text, case when ${isListed} then s.credential end)
        else true end`;

  // However many ask at once, and be their ids made up: one statement at a time.
  const finder = (isUse: boolean) =>
    gathered(
      async (hashes: readonly string[]) => {
        const rows = await sql<(WhoRow & { id_hash: string })[]>`
        with known as (
          select s.id_hash, s.operator, coalesce(o.role, s.role) as role, s.last_seen_at
          from ${open(false)} and s.id_hash = any(${hashes as string[]})
        ), seen as (
          update sluice.sessions s set last_seen_at = now() from known k
          where ${isUse} and s.id_hash = k.id_hash and k.last_seen_at < now() - interval '1 minute'
        )
        select k.id_hash, k.operator, k.role from known k`;
        const known = new Map(rows.map((row) => [row.id_hash, identityOf(row)]));
        return hashes.map((hash) => known.get(hash) ?? null);
      },
      { most: 500, flights: 2, patienceMs: 1000 },
    );

  return {
    /** Whose session it is, with the role of today; null once it, or its token, ended or was idle for long. */
    find: finder(true),
    /** The same, without counting as use of the session. */
    peek: finder(false),

    /** false: the password it would be opened by is another one by now. */
    async open({ idHash, who, validSeconds, way, credential, passwordHash = null }: NewSession): Promise<boolean> {
      return sql.begin(async (tx) => {
        await actingAs(tx, who.name);
        if (passwordHash !== null) await aloneWith(tx, operatorNamed(who));
        const rows = await tx`
          insert into sluice.sessions (id_hash, operator, role, expires_at, way, credential)
          select ${idHash}, ${who.name}, ${who.role}, now() + make_interval(secs => ${validSeconds}), ${way}, ${credential}::text
          where ${passwordHash}::text is null or exists (select from sluice.operators o
            where o.token_hash = ${credential}::text and o.password_hash = ${passwordHash} and o.revoked_at is null)
          returning id`;
        return rows.length === 1;
      });
    },

    /** The open ones, newest first. */
    async list(): Promise<readonly OpenedSession[]> {
      const rows = await sql<SessionRow[]>`
        select s.id, s.operator, coalesce(o.role, s.role) as role, s.way, s.created_at, s.last_seen_at, s.expires_at
        from ${open(true)} order by s.id desc limit 500`;
      return rows.map(sessionOf);
    },

    /** Signs out; whose session it was, null when it had ended. */
    async close(idHash: string): Promise<string | null> {
      return sql.begin(async (tx) => {
        const [mine] = await tx<{ operator: string }[]>`
          select s.operator from sluice.sessions s where s.id_hash = ${idHash} and s.revoked_at is null for update`;
        if (!mine) return null;
        await actingAs(tx, mine.operator);
        await tx`update sluice.sessions s set revoked_at = now() where s.id_hash = ${idHash}`;
        return mine.operator;
      });
    },

    /** Ends a session by its id; false when there is no such session, or it has ended. */
    async end(id: number, by: string): Promise<boolean> {
      return sql.begin(async (tx) => {
        await actingAs(tx, by);
        const rows = await tx`
          update sluice.sessions s set revoked_at = now() where s.id = ${id} and s.revoked_at is null returning s.id`;
        return rows.length === 1;
      });
    },

    async createLink({ hash, who, validSeconds, by }: NewLink): Promise<void> {
      await sql.begin(async (tx) => {
        await actingAs(tx, by);
        await tx`
          insert into sluice.sign_in_links (hash, operator, role, expires_at)
          values (${hash}, ${who.name}, ${who.role}, now() + make_interval(secs => ${validSeconds}))`;
      });
    },

    /** Uses a sign-in link up: the first caller gets its identity, every later one null. */
    async redeemLink(hash: string): Promise<Identity | null> {
      const rows = await sql<WhoRow[]>`
        update sluice.sign_in_links l set used_at = now()
        where l.hash = ${hash} and l.used_at is null and l.expires_at > now()
        returning l.operator, l.role`;
      return rows[0] ? identityOf(rows[0]) : null;
    },
  };
}

function identityOf(row: WhoRow): Identity {
  return { name: row.operator, role: row.role };
}

function sessionOf(row: SessionRow): OpenedSession {
  return {
    id: row.id,
    who: identityOf(row),
    way: row.way,
    openedAtMs: row.created_at.getTime(),
    lastSeenAtMs: row.last_seen_at.getTime(),
    expiresAtMs: row.expires_at.getTime(),
  };
}
