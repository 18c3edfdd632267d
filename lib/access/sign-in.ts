import type { Directory } from '@/lib/access/supabase/sign-in';
import type { Role } from '@/lib/api/snapshot';
import { Refusal } from '@/lib/kernel/refusal';
import type { DirectoryOutcome, Identity, SessionWay } from './identity';
import type { OperatorStore } from './operator-store';
import type { SessionStore } from './session-store';
import { tokens } from './tokens';

export const sessionSeconds = 12 * 3600;
/** Somebody else may take a role away, and we are not told: ask again within the hour. */
const directorySessionSeconds = 3600;
const linkSeconds = 15 * 60;

export interface Door {
  readonly operators: OperatorStore;
  readonly sessions: SessionStore;
  /** SLUICE_ADMIN_TOKEN; null: there is none here. */
  readonly adminToken: string | null;
  /** null: this installation has no directory (Supabase) of operators. */
  readonly directory: Directory | null;
}

export interface OpenSession {
  /** What the cookie holds; only its digest is stored. */
  readonly token: string;
  readonly who: Identity;
}

export const adminName = 'operator:admin';

export async function signInWithToken(door: Door, token: string): Promise<OpenSession> {
  const credential = tokens.digest(token);
  if (door.adminToken !== null && credential === tokens.digest(door.adminToken)) {
    return openSession(door, { name: adminName, role: 'admin' }, { way: 'admin', credential });
  }
  const who = token.startsWith('slo_') ? await door.operators.byToken(credential) : null;
  if (who === null) throw refused('The token is unknown, expired or revoked.');
  return openSession(door, who, { way: 'token', credential });
}

export async function signInWithLink(door: Door, link: string): Promise<OpenSession> {
  const who = await door.sessions.redeemLink(tokens.digest(link));
  if (who === null) throw refused('The link is unknown, expired or used; each link works once.');
  return openSession(door, who, { way: 'link', credential: null });
}

/** `mfaCode`: of the second factor, which whoever has one must show. */
export async function signInWithPassword(
  door: Door,
  email: string,
  password: string,
  mfaCode: string | null = null,
): Promise<OpenSession> {
  return fromDirectory(door, (directory) => directory.withPassword(email, password, mfaCode));
}

export async function signInWithCode(
  door: Door,
  email: string,
  code: string,
  mfaCode: string | null = null,
): Promise<OpenSession> {
  return fromDirectory(door, (directory) => directory.withCode(email, code, mfaCode));
}

export async function signInWithMailedLink(door: Door, tokenHash: string): Promise<OpenSession> {
  return fromDirectory(door, (directory) => directory.withLink(tokenHash));
}

/** Asks the directory to mail a link or code; the answer is the same whether the address is known or not. */
export async function sendSignInCode(door: Door, email: string, redirectTo: string | null): Promise<void> {
  await directoryOf(door).sendCode(email, redirectTo);
}

/** A path that signs one browser in, once: printed at the first start. */
export async function createSignInLink(
  door: Pick<Door, 'sessions'>,
  role: Role,
  name = 'operator:first-start',
  by = name,
): Promise<string> {
  const link = tokens.issue('sll');
  await door.sessions.createLink({
    hash: tokens.digest(link),
    who: { name, role },
    validSeconds: linkSeconds,
    by,
  });
  return `/sign-in?link=${link}`;
}

/** Whose session it was; null when it had ended. */
export async function signOut(door: Door, token: string): Promise<string | null> {
  return door.sessions.close(tokens.digest(token));
}

async function fromDirectory(
  door: Door,
  ask: (directory: Directory) => ReturnType<Directory['withPassword']>,
): Promise<OpenSession> {
  const outcome = await ask(directoryOf(door));
  return openSession(door, knownBy(outcome), { way: 'directory', credential: null }, directorySessionSeconds);
}

/** Who the directory knows, or the refusal that says why it does not. */
export function knownBy(outcome: DirectoryOutcome): Identity {
  if (outcome.kind === 'known') return outcome.who;
  if (outcome.kind === 'no_role') {
    throw new Refusal('not-allowed', `${outcome.email} has no sluice_role in its app_metadata; ask an admin for one.`);
  }
  if (outcome.kind === 'mfa') {
    throw outcome.why === 'missing'
      ? new Refusal(
          'not-allowed',
          `${outcome.name} has no second factor, and SLUICE_REQUIRE_MFA asks for one; enrol one.`,
        )
      : new Refusal(
          'mfa-needed',
          `${outcome.name} has to show a second factor: sign in with its code (mfa_code) as well.`,
        );
  }
  if (outcome.kind === 'away') throw new Refusal('directory-away', `Sign-in does not answer: ${outcome.error}.`);
  throw refused('The address, password, code or token is wrong or expired.');
}

async function openSession(
  door: Door,
  who: Identity,
  how: { readonly way: SessionWay; readonly credential: string | null },
  validSeconds = sessionSeconds,
): Promise<OpenSession> {
  const token = tokens.issue('sls');
  await door.sessions.open({ idHash: tokens.digest(token), who, validSeconds, ...how });
  return { token, who };
}

function directoryOf({ directory }: Door): Directory {
  if (directory !== null) return directory;
  throw new Refusal('no-directory', 'SUPABASE_URL is not set here; sign in with a token.');
}

function refused(detail: string): Refusal {
  return new Refusal('sign-in-refused', detail);
}
