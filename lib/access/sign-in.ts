import type { Directory } from '@/lib/access/supabase/sign-in';
import type { Role } from '@/lib/api/roles';
import { Refusal, says } from '@/lib/kernel/refusal';
import type { DirectoryOutcome, Identity, SessionWay } from './identity';
import type { InviteStore } from './invite-store';
import type { OperatorStore } from './operator-store';
import { isPassword } from './passwords';
import { sessionSeconds } from './session-cookie';
import { type SessionStore, secondFactor } from './session-store';
import { tokens } from './tokens';

/** The directory does not tell us when a role is taken away there: ask again within the hour. */
const directorySessionSeconds = 3600;
const linkSeconds = 15 * 60;

/** What an operator can sign in by. */
export interface Identities {
  readonly operators: OperatorStore;
  readonly sessions: SessionStore;
  readonly invites: InviteStore;
  /** SLUICE_ADMIN_TOKEN; null: there is none here. */
  readonly adminToken: string | null;
  /** null: this installation has no directory (Supabase) of operators. */
  readonly directory: Directory | null;
  /** Every operator needs a second factor, and a password of ours has none. */
  readonly requireMfa: boolean;
}

export interface OpenSession {
  /** What the cookie holds; only its digest is stored. */
  readonly token: string;
  readonly who: Identity;
}

export const adminName = 'operator:admin';

export async function signInWithToken(identities: Identities, token: string): Promise<OpenSession> {
  const credential = tokens.digest(token);
  if (identities.adminToken !== null && credential === tokens.digest(identities.adminToken)) {
    return openSession(identities, { name: adminName, role: 'admin' }, { way: 'admin', credential });
  }
  const who = token.startsWith('slo_') ? await identities.operators.byToken(credential) : null;
  if (who === null) throw refused('The token is unknown, expired or revoked.', 'token-refused');
  return openSession(identities, who, { way: 'token', credential });
}

export async function signInWithLink(identities: Identities, link: string): Promise<OpenSession> {
  const who = await identities.sessions.redeemLink(tokens.digest(link));
  if (who === null) throw refused('The link is unknown, expired or used; each link works once.', 'link-refused');
  return openSession(identities, who, { way: 'link', credential: null });
}

/** By name and password. An unknown name is refused like a wrong password, and takes as long. */
export async function signInWithName(identities: Identities, name: string, password: string): Promise<OpenSession> {
  refusePasswords(identities.requireMfa);
  const known = await identities.operators.withPassword(name);
  if (!(await isPassword(password, known?.passwordHash ?? null)) || known === null) throw wrongName();
  const { name: is, role, tokenHash, passwordHash } = known;
  return openSession(identities, { name: is, role }, { way: 'password', credential: tokenHash, passwordHash });
}

const wrongName = () => refused('The name or the password is wrong.', 'name-refused');

export function refusePasswords(requireMfa: boolean): void {
  if (!requireMfa) return;
  throw new Refusal(
    'not-allowed',
    'Not done: SLUICE_REQUIRE_MFA asks for a second factor, and names with a password have none here. Sign in through Supabase, or by a token that an admin gives you.',
    says('mfa-no-passwords'),
  );
}

/** `mfaCode`: of the second factor, needed from a person who has enrolled one. */
export async function signInWithPassword(
  identities: Identities,
  email: string,
  password: string,
  mfaCode: string | null = null,
): Promise<OpenSession> {
  return fromDirectory(identities, (directory) => directory.withPassword(email, password, mfaCode));
}

export async function signInWithCode(
  identities: Identities,
  email: string,
  code: string,
  mfaCode: string | null = null,
): Promise<OpenSession> {
  return fromDirectory(identities, (directory) => directory.withCode(email, code, mfaCode));
}

export async function signInWithMailedLink(identities: Identities, tokenHash: string): Promise<OpenSession> {
  return fromDirectory(identities, (directory) => directory.withLink(tokenHash));
}

/** Asks the directory to mail a link or code; the answer is the same whether the address is known or not. */
export async function sendSignInCode(identities: Identities, email: string, redirectTo: string | null): Promise<void> {
  await directoryOf(identities).sendCode(email, redirectTo);
}

/** A path that signs one browser in, once: printed at the first start. */
export async function createSignInLink(
  identities: Pick<Identities, 'sessions'>,
  role: Role,
  name = 'operator:first-start',
  by = name,
): Promise<string> {
  const link = tokens.issue('sll');
  await identities.sessions.createLink({
    hash: tokens.digest(link),
    who: { name, role },
    validSeconds: linkSeconds,
    by,
  });
  return `/sign-in?link=${link}`;
}

/** Whose session it was; null when it had ended. */
export async function signOut(identities: Identities, token: string): Promise<string | null> {
  return identities.sessions.close(tokens.digest(token));
}

async function fromDirectory(
  identities: Identities,
  ask: (directory: Directory) => ReturnType<Directory['withPassword']>,
): Promise<OpenSession> {
  const outcome = await ask(directoryOf(identities));
  const credential = identities.requireMfa ? secondFactor : null;
  return openSession(identities, knownBy(outcome), { way: 'directory', credential }, directorySessionSeconds);
}

/** Who the directory knows, or the refusal that says why it does not. */
export function knownBy(outcome: DirectoryOutcome): Identity {
  if (outcome.kind === 'known') return outcome.who;
  if (outcome.kind === 'no_role') {
    throw new Refusal(
      'not-allowed',
      `${outcome.email} has no sluice_role in its app_metadata; ask an admin for one.`,
      says('no-role', { email: outcome.email }),
    );
  }
  if (outcome.kind === 'mfa') {
    throw outcome.why === 'missing'
      ? new Refusal(
          'not-allowed',
          `${outcome.name} has no second factor, and SLUICE_REQUIRE_MFA asks for one; enrol one.`,
          says('mfa-missing', { name: outcome.name }),
        )
      : new Refusal(
          'mfa-needed',
          `${outcome.name} has to show a second factor: sign in with its code (mfa_code) as well.`,
          says('mfa-needed', { name: outcome.name }),
        );
  }
  if (outcome.kind === 'away')
    throw new Refusal(
      'directory-away',
      `Sign-in does not answer: ${outcome.error}.`,
      says('directory-away', { error: outcome.error }),
    );
  throw refused('The address, password, code or token is wrong or expired.', 'directory-refused');
}

export async function openSession(
  identities: Identities,
  who: Identity,
  how: { readonly way: SessionWay; readonly credential: string | null; readonly passwordHash?: string },
  validSeconds = sessionSeconds,
): Promise<OpenSession> {
  const token = tokens.issue('sls');
  const isOpened = await identities.sessions.open({ idHash: tokens.digest(token), who, validSeconds, ...how });
  if (!isOpened) throw wrongName();
  return { token, who };
}

function directoryOf({ directory }: Identities): Directory {
  if (directory !== null) return directory;
  throw new Refusal('no-directory', 'SUPABASE_URL is not set here; sign in with a token.', says('no-directory'));
}

export function refused(detail: string, key: string): Refusal {
  return new Refusal('sign-in-refused', detail, says(key));
}
