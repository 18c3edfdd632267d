import type { Sql } from '@/lib/postgres/sql';
import type { CrashWorld } from './world';

/** What a caller was told of an order, by its prompt. */
export interface Told {
  readonly prompt: string;
  /** null: the connection was lost before an answer came. */
  readonly status: number | null;
  /** What the job is called, where the answer says so. */
  readonly id: string | null;
  /** What a poll of it was answered in the end; null: nothing, or that there is none. */
  readonly polled: string | null;
  /** It is called as its vendor calls it, and a refusal calls it nothing. */
  readonly isRelayed?: boolean;
}

export interface Row {
  readonly id: string;
  readonly prompt: string;
  readonly provider: string;
  readonly state: string;
  readonly upstreamId: string | null;
  /** How often the log tells of its end. */
  readonly ends: number;
}

export interface Made {
  readonly id: string;
  readonly prompt: string;
  readonly provider: string;
  readonly creates: number;
}

/** What the ledger says of a job. */
export interface Entry {
  readonly job: string;
  readonly kind: 'hold' | 'move' | 'settle' | 'void';
  /** In US dollars; an end gives back what was held. */
  readonly heldUsd: number;
}

export interface Remains {
  readonly told: readonly Told[];
  readonly rows: readonly Row[];
  readonly made: readonly Made[];
  readonly ledger: readonly Entry[];
}

type Vendors = Pick<CrashWorld, 'sandbox' | 'relays'>;

export async function readRemains(sql: Sql, { sandbox, relays }: Vendors, told: readonly Told[]): Promise<Remains> {
  const rows = await sql<Row[]>`
    select j.id, coalesce(j.request ->> 'prompt', j.request_id) as prompt, j.provider, j.state, j.upstream_id as "upstreamId",
      (select count(*)::int from public.analytics_logs a
        where a.event_data ->> 'job_id' = j.id::text and a.event_data ->> 'phase' = 'end') as ends
    from sluice.jobs j`;
  const vendors = (['fal', 'runware'] as const).map((provider) => [provider, sandbox.jobs(provider)] as const);
  const made = [...vendors, ['runway', relays.runway.jobs()] as const].flatMap(([provider, jobs]) =>
    jobs.map(({ id, prompt, creates }) => ({ id, prompt, provider, creates })),
  );
  const ledger = await sql<Entry[]>`select l.job, l.kind, l.held_usd as "heldUsd" from sluice.ledger l`;
  return { told, rows, made, ledger };
}

const isBound = new Set(['completed', 'failed', 'cancelled', 'expired']);
const isReadable = (provider: string) => provider === 'runware';

/** What was promised and is not so, in sentences; everything has ended when it is asked. */
export function faultsOf({ told, rows, made, ledger }: Remains): string[] {
  const rowsOf = byPrompt(rows);
  const madeOf = byPrompt(made);
  return [
    ...[...madeOf].flatMap(([prompt, all]) => {
      const creates = all.reduce((sum, each) => sum + each.creates, 0);
      const lost = rowsOf.has(prompt) ? [] : [`"${prompt}" was made at a vendor, and no row knows of it`];
      return creates > 1 ? [...lost, `"${prompt}" was made ${creates} times`] : lost;
    }),
    ...[...rowsOf].flatMap(([prompt, all]) => (all.length > 1 ? [`"${prompt}" has ${all.length} rows`] : [])),
    ...rows.flatMap((row) => faultsOfRow(row, madeOf.get(row.prompt) ?? [])),
    ...told.flatMap((each) => faultsOfTold(each, rowsOf.get(each.prompt) ?? [])),
    ...faultsOfLedger(rows, ledger),
  ];
}

/** Each job has one hold and one end, which together come to nothing; for the jobs have all ended. */
function faultsOfLedger(rows: readonly Row[], ledger: readonly Entry[]): string[] {
  const entriesOf = new Map<string, Entry[]>(rows.map(({ id }) => [id, []]));
  const strange = ledger.flatMap((entry) => {
    const entries = entriesOf.get(entry.job);
    entries?.push(entry);
    return entries ? [] : [`the ledger has a ${entry.kind} of a job that no row has`];
  });
  const wrong = rows.flatMap(({ id, prompt }) => {
    const entries = entriesOf.get(id) ?? [];
    const left = entries.reduce((sum, { heldUsd }) => sum + heldUsd, 0);
    const isWhole =
      entries.filter(({ kind }) => kind !== 'move').length === 2 &&
      entries.filter(({ kind }) => kind === 'hold').length === 1;
    const kinds = entries.map(({ kind }) => kind).join(', ') || 'nothing';
    return isWhole && Math.abs(left) < 1e-9 ? [] : [`the ledger has ${kinds} of "${prompt}", and ${left} USD held`];
  });
  return [...strange, ...wrong];
}

function faultsOfRow({ id, prompt, provider, state, upstreamId, ends }: Row, made: readonly Made[]): string[] {
  const what = `"${prompt}" (${state} at ${provider})`;
  if (state === 'refused') return made.length > 0 ? [`${what} was made all the same`] : [];
  if (state === 'unknown_final') {
    const isLost = isReadable(provider) && made.some((each) => each.id === id);
    return [...(isLost ? [`${what} is at its vendor and could have been read`] : []), ...wrongEnds(what, ends, 0)];
  }
  if (!isBound.has(state)) return [`${what} has not ended`];
  const isThere = made.some((each) => each.id === upstreamId && each.provider === provider);
  return [...(isThere ? [] : [`${what} is bound to what its vendor has not made`]), ...wrongEnds(what, ends, 1)];
}

function wrongEnds(what: string, ends: number, wanted: number): string[] {
  return ends === wanted ? [] : [`${what} has ${ends} ends in the log, and not ${wanted}`];
}

function faultsOfTold({ prompt, status, id, polled, isRelayed }: Told, rows: readonly Row[]): string[] {
  const isBegun = isRelayed ? status === 200 : status === 202 || status === 504;
  if (id === null) return isBegun ? [`"${prompt}" was answered ${status} without an id`] : [];
  const isIts = (row: Row) => (isRelayed ? row.upstreamId : row.id) === id;
  if (!rows.some(isIts)) return [`"${prompt}" was answered with an id that no row has`];
  return polled === null ? [`"${prompt}" was answered with an id that cannot be polled`] : [];
}

function byPrompt<T extends { readonly prompt: string }>(all: readonly T[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const each of all) found.set(each.prompt, [...(found.get(each.prompt) ?? []), each]);
  return found;
}

/** The sum that has to come out: what vendors made is bound, or its row says that nobody knows. */
export function sumsOf({ told, rows, made, ledger }: Remains): string {
  const count = (is: (row: Row) => boolean) => rows.filter(is).length;
  const prompts = new Set(made.map(({ prompt }) => prompt));
  const unknown = count(({ state, prompt }) => state === 'unknown_final' && prompts.has(prompt));
  const never = count(({ state, prompt }) => state === 'unknown_final' && !prompts.has(prompt));
  const entries = (wanted: Entry['kind']) => ledger.filter(({ kind }) => kind === wanted).length;
  const answered = told.filter(({ id }) => id !== null);
  return [
    `${told.length} orders: ${told.filter(({ status }) => status === 202 || status === 200).length} answered well, ${told.filter(({ status }) => status === null).length} connections lost`,
    `${made.reduce((sum, { creates }) => sum + creates, 0)} creates at the vendors = ${count(({ state }) => isBound.has(state))} bound rows + ${unknown} unknown rows`,
    `${never} unknown rows that no vendor saw, ${count(({ state }) => state === 'refused')} refused`,
    `${answered.filter(({ polled }) => polled !== null).length} of ${answered.length} answered ids can be polled`,
    `the ledger: ${entries('hold')} holds = ${entries('settle')} settles + ${entries('void')} voids`,
  ].join('; ');
}
