import type { Role } from '@/lib/api/snapshot';

/** Who does it, as the journal will say: `operator:ann`, `watchdog`, `cli:root`, `script:root`. */
export interface Actor {
  readonly name: string;
  readonly role: Role;
}

/** An operator of this installation who signs in with a token; only the token's digest is kept. */
export interface Operator {
  readonly name: string;
  readonly role: Role;
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly expiresAtMs: number | null;
  readonly lastUsedAtMs: number | null;
  readonly revokedAtMs: number | null;
}

export interface Identity {
  /** As the journal will say: `operator:ann`. */
  readonly name: string;
  readonly role: Role;
}

export interface OperatorStore {
  /** false when an operator of that name exists and is not revoked. */
  add(operator: {
    name: string;
    role: Role;
    tokenHash: string;
    validSeconds: number | null;
    createdBy: string;
  }): Promise<boolean>;
  list(): Promise<readonly Operator[]>;
  /** Revokes the token and every session it opened, in one transaction; false when there is no such operator. */
  revoke(name: string, by: string): Promise<boolean>;
  /** Who holds this token, if it is neither revoked nor expired; remembers that it was used. */
  byToken(tokenHash: string): Promise<Identity | null>;
}

/** How a session was opened; it ends with the token that opened it, if one did. */
export type SessionWay = 'token' | 'admin' | 'link' | 'directory';

export interface OpenedSession {
  readonly id: number;
  readonly who: Identity;
  readonly way: SessionWay;
  readonly openedAtMs: number;
  readonly lastSeenAtMs: number;
  readonly expiresAtMs: number;
}

export interface SessionStore {
  open(session: {
    idHash: string;
    who: Identity;
    validSeconds: number;
    way: SessionWay;
    /** Digest of the token that opens it; null for a link and a directory. */
    credential: string | null;
  }): Promise<void>;
  /** Whose session it is, with the role of today; null once it or its token has ended, or nobody used it for long. */
  find(idHash: string): Promise<Identity | null>;
  /** The same, and is no use of it. */
  peek(idHash: string): Promise<Identity | null>;
  /** The open ones, newest first. */
  list(): Promise<readonly OpenedSession[]>;
  /** Signs out; whose session it was, null when it had ended. */
  close(idHash: string): Promise<string | null>;
  /** Ends somebody's; false when there is no such session, or it has ended. */
  end(id: number, by: string): Promise<boolean>;
  createLink(link: { hash: string; who: Identity; validSeconds: number; by: string }): Promise<void>;
  /** Uses a sign-in link up: the first caller gets its identity, everybody later null. */
  redeemLink(hash: string): Promise<Identity | null>;
}

/** High-entropy tokens: 256 random bits, so a plain digest is enough to keep. */
export interface Tokens {
  issue(prefix: 'slo' | 'sls' | 'sll'): string;
  digest(token: string): string;
}

/** Somebody else's directory of people (Supabase). */
export interface Directory {
  /** `mfaCode`: of the second factor, where the person has one. */
  withPassword(email: string, password: string, mfaCode?: string | null): Promise<DirectoryOutcome>;
  /** Sends a magic link or code; says nothing about whether the address is known. */
  sendCode(email: string, redirectTo: string | null): Promise<{ readonly ok: boolean; readonly error: string | null }>;
  withCode(email: string, code: string, mfaCode?: string | null): Promise<DirectoryOutcome>;
  /** The `token_hash` of a mailed link. */
  withLink(tokenHash: string): Promise<DirectoryOutcome>;
  /** Verifies an access token of a request; forged and expired ones are `refused`. */
  verify(accessToken: string): Promise<DirectoryOutcome>;
}

export type DirectoryOutcome =
  | { readonly kind: 'known'; readonly who: Identity }
  | { readonly kind: 'refused' }
  | { readonly kind: 'no_role'; readonly email: string }
  /** The first factor was right: the second was not shown, or there is none although one is asked for. */
  | { readonly kind: 'mfa'; readonly why: 'needed' | 'missing'; readonly name: string }
  | { readonly kind: 'away'; readonly error: string };
