import type { Role } from '@/lib/api/roles';

/** Who does it, as the journal will say: `operator:ann`, `watchdog`, `cli:root`, `script:root`. */
export interface Actor {
  readonly name: string;
  readonly role: Role;
}

/** An operator of this installation, who signs in with a token or a password; only digests of them are kept. */
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

/** The name that this operator signs in by: `ann`. */
export const operatorNamed = ({ name }: Pick<Identity, 'name'>): string => name.replace(/^operator:/, '');

/** A session that was not used for so long has ended. */
export const usualIdleSeconds = 3600;

/** How a session was opened; it ends with the token that opened it, if one did. */
export type SessionWay = 'token' | 'admin' | 'link' | 'directory' | 'password';

export interface OpenedSession {
  readonly id: number;
  readonly who: Identity;
  readonly way: SessionWay;
  readonly openedAtMs: number;
  readonly lastSeenAtMs: number;
  readonly expiresAtMs: number;
}

export type DirectoryOutcome =
  | { readonly kind: 'known'; readonly who: Identity }
  | { readonly kind: 'refused' }
  | { readonly kind: 'no_role'; readonly email: string }
  /** The first factor was right: the second was not shown, or there is none although one is asked for. */
  | { readonly kind: 'mfa'; readonly why: 'needed' | 'missing'; readonly name: string }
  | { readonly kind: 'away'; readonly error: string };
