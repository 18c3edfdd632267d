import { capital } from './plain-text';

/** A session that holds what a write waited for, as far as the database lets us see it. */
export interface LockHolder {
  readonly pid: number;
  readonly application: string | null;
  readonly user: string | null;
  readonly sinceMs: number | null;
}

/** What the driver, the socket and Postgres add to an error; `isLate`, `heldBy` and `hasSchema` are ours. */
interface Told {
  readonly name?: string;
  readonly code?: unknown;
  readonly message?: string;
  readonly isLate?: boolean;
  readonly heldBy?: readonly LockHolder[];
  /** A relation of ours is missing from a schema that is there: it is of an earlier build. */
  readonly hasSchema?: boolean;
}

export interface StoreFault {
  /** `away`: no call is answered; `busy`: the next try may work; `refused`: a person has to change something first. */
  readonly kind: 'away' | 'busy' | 'refused';
  /** The connection was lost, or the answer late, when a write may have been done already. */
  readonly mayHaveLanded: boolean;
  /** What follows the database's name: `is not running`. Without what only an operator may read. */
  readonly says: string;
  /** The same with the words of the error: hosts, users, tables, sessions. */
  readonly saysMore: string;
  readonly todo: string;
  /** What is said instead of the database that `npm start` runs itself. */
  readonly ofOurs?: { readonly says: string; readonly todo: string };
}

type Rule = Pick<StoreFault, 'kind' | 'says' | 'todo' | 'ofOurs'> & {
  readonly codes: RegExp;
  readonly mayHaveLanded?: true;
  readonly more?: (error: Told) => string | null;
};

const again = 'Try again in a moment';
const startIt = 'Start the database, or correct DATABASE_URL';

const rules: readonly Rule[] = [
  {
    codes: /^ECONNREFUSED$/,
    kind: 'away',
    says: 'does not answer: the connection is refused',
    todo: startIt,
    ofOurs: { says: 'is not running', todo: 'Start it with npm start, or set DATABASE_URL' },
    more: ({ message }) => (message?.startsWith('no host') ? `has ${message.replace(/ of the database/, '')}` : null),
  },
  {
    codes: /^(?:ENOTFOUND|EAI_)/,
    kind: 'away',
    says: 'cannot be found: its host name has no address here',
    todo: 'Correct the host in DATABASE_URL, or mend DNS',
  },
  {
    codes: /^(?:EHOST|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL)/,
    kind: 'away',
    says: 'cannot be reached from here',
    todo: 'Open the way to it, or correct DATABASE_URL',
  },
  {
    codes: /^CONNECT_TIMEOUT$/,
    kind: 'away',
    says: 'does not answer: no connection in time',
    todo: 'See that it runs and that no firewall stands between, or correct DATABASE_URL',
  },
  {
    codes: /^(?:ETIMEDOUT|late)$/,
    kind: 'away',
    mayHaveLanded: true,
    says: 'did not answer in time',
    todo: again,
  },
  {
    codes: /^(?:CONNECTION_|ECONN|EPIPE|57P0[12]|08|25P0[34])/,
    kind: 'away',
    mayHaveLanded: true,
    says: 'ended the connection',
    todo: again,
  },
  { codes: /^57P03$/, kind: 'away', says: 'is starting up or shutting down', todo: again },
  {
    codes: /^53300$/,
    kind: 'busy',
    says: 'has no connection left: too many clients',
    todo: 'End sessions that idle, raise max_connections, or use a pooler; then try again',
  },
  { codes: /^53100$/, kind: 'busy', says: 'has no disk space left', todo: 'Free some there, then try again' },
  { codes: /^53/, kind: 'busy', says: 'has run out of memory or of another resource', todo: again },
  {
    codes: /^55P03$/,
    kind: 'busy',
    says: 'did not give the row away: another session holds it',
    todo: 'Let that session commit or roll back, or end it with select pg_terminate_backend(pid); then try again',
    more: ({ heldBy }) => (heldBy?.length ? `did not give the row away: ${heldBy.map(holderText).join('; ')}` : null),
  },
  { codes: /^57014$/, kind: 'busy', says: 'did not finish the statement within its time limit', todo: again },
  { codes: /^40(?:001|P01)$/, kind: 'busy', says: 'undid it: another write came between', todo: again },
  {
    codes: /^25006$/,
    kind: 'away',
    says: 'takes no writes: it is a standby, or default_transaction_read_only is on',
    todo: 'Name the primary in DATABASE_URL, or switch that setting off',
  },
  {
    codes: /^28/,
    kind: 'refused',
    says: 'refuses the user or the password',
    todo: 'Correct DATABASE_URL',
    more: ({ message = '' }) => refusedUser(message),
  },
  {
    codes: /^3D000$/,
    kind: 'refused',
    says: 'is not there: its server answers, and has none of that name',
    todo: 'Correct the name at the end of DATABASE_URL',
  },
  {
    codes: /^42501$/,
    kind: 'refused',
    says: 'does not let its user do this',
    todo: 'Grant it to the user of DATABASE_URL, or use the one that owns the tables; npm run sluice -- doctor says what is missing',
    more: ({ message }) => (message ? `does not let its user do this: ${message}` : null),
  },
  {
    codes: /^(?:42P01|3F000)$/,
    kind: 'refused',
    says: 'has no Sluice schema',
    todo: 'Check DATABASE_URL, then npm run migrate',
  },
  {
    codes: /^(?:42883|42703|42704)$/,
    kind: 'refused',
    says: 'has an older Sluice schema than this program',
    todo: 'npm run migrate',
    more: ({ message }) => (message ? `has an older Sluice schema than this program: ${message}` : null),
  },
  {
    codes: /CERT|SELF_SIGNED|UNABLE_TO|^ERR_TLS|^ERR_SSL|^EPROTO/,
    kind: 'refused',
    says: 'cannot be trusted: TLS failed',
    todo: 'Correct sslmode or sslrootcert in DATABASE_URL',
    more: ({ message }) => (message ? `cannot be trusted: ${message}` : null),
  },
  {
    codes: /^URIError$/,
    kind: 'refused',
    says: 'cannot be named: DATABASE_URL holds a % that is not escaped',
    todo: 'Write % as %25 in DATABASE_URL',
  },
];

/** What an error of the driver, the socket or Postgres means; null for any other. The only table of them. */
export function storeFault(error: unknown): StoreFault | null {
  if (!(error instanceof Error)) return null;
  const told = error as Told;
  const code = codeOf(told);
  const rule = rules.find(({ codes }) => codes.test(code));
  if (rule === undefined) return storeFault(error.cause);
  const { kind, says, todo, ofOurs, mayHaveLanded = false, more } = rule;
  const saysMore = more?.(told) ?? says;
  return { kind, mayHaveLanded, says, saysMore, todo, ...(ofOurs ? { ofOurs } : {}) };
}

function codeOf({ name, code, message = '', isLate, hasSchema }: Told): string {
  if (isLate) return 'late';
  if (name === 'URIError') return name;
  // Supabase's pooler has no code of its own for it.
  if (code === 'XX000' && /tenant or user not found/i.test(message)) return '28000';
  if (code === '42P01' && hasSchema) return '42704';
  return String(code ?? '');
}

interface Telling {
  /** `Database shop on db.example`, `Sluice's own database (.data)`. */
  readonly subject: string;
  readonly isOurs?: boolean;
  /** Of a write, what became of it is said first; one in many steps may have done some of them. */
  readonly write?: 'at once' | 'in steps';
}

/** What was not written, why, and what to do. */
export function storeSentence(fault: StoreFault, { subject, isOurs = false, write }: Telling): string {
  const ours = isOurs ? fault.ofOurs : undefined;
  const todo = ours?.todo ?? fault.todo;
  const why = `${subject} ${ours?.says ?? fault.saysMore}`;
  if (write === undefined) return `${capital(why)}. ${todo}.`;
  if (write === 'in steps') return `It was not finished: ${why}. ${todo}; running it again goes on from there.`;
  if (fault.mayHaveLanded) {
    return `It is not known whether this was written: ${why}. Look with npm run sluice -- status before you try again.`;
  }
  return `Nothing was written: ${why}. ${todo}.`;
}

function refusedUser(message: string): string {
  const [, user] = /(?:user|role) "([^"]*)"/.exec(message) ?? [];
  if (user === undefined) return `refuses the user or the password: ${message}`;
  if (/password/.test(message)) return `refuses the password of the user ${user}`;
  return `refuses the user ${user}${/does not exist/.test(message) ? '' : `: ${message}`}`;
}

function holderText({ pid, application, user, sinceMs }: LockHolder): string {
  const since = sinceMs === null ? [] : [`since ${new Date(sinceMs).toISOString()}`];
  const known = [application ?? '', user ? `user ${user}` : '', ...since].filter((part) => part !== '');
  return `the session with pid ${pid} holds it${known.length > 0 ? ` (${known.join(', ')})` : ''}`;
}
