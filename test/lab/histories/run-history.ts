import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@/lib/postgres/connection';
import type { Sql } from '@/lib/postgres/sql';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';
import { adminToken, type Caller, call, type Means } from './callers';
import type { JournalRow, Line, Remains } from './history';
import { type Member, startMember } from './member';
import { clients, drawHistoryPlan, type PlannedFault, type PlannedSplit, plannedSplits, watchdogs, webs } from './plan';

export interface HistoryOptions {
  /** A migrated database of one's own. */
  readonly databaseUrl: string;
  readonly seed: number;
  readonly operations: number;
  /** One: the first split. More: so many of three arms. */
  readonly splits?: number;
  /** Takes the compare-and-set out of every statement on its way to the database: a planted bug. */
  readonly withoutCompareAndSet?: boolean;
  /** Told each line as it happens. */
  readonly tell?: (line: Line) => void;
}

/** Red lines that can be crossed and held within a short history. */
const rule = {
  redLines: [{ metric: 'failure_rate', limit: 0.2, window: '10s', hold: '0s' }],
  evidence: 'observed',
  minRequests: 0,
};
/** Every candidate goes up together; who is drawn where is a matter of a tenth. */
const stagesOf = ({ baseline, candidates }: PlannedSplit) =>
  [0.1, 0.3, 0.5].map((share, i) => ({
    name: `D${i + 1}`,
    weights: { ...shared(candidates, share), [baseline]: 1 - share * candidates.length },
    observe: '1h',
  }));
const shared = (names: readonly string[], share: number) => Object.fromEntries(names.map((name) => [name, share]));

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export interface History {
  readonly lines: readonly Line[];
  /** By the key of each split. */
  readonly remains: Readonly<Record<string, Remains>>;
}

/** Lets everybody loose on one database, breaks what the plan says, and waits until all that can be told is told. */
export async function runHistory(options: HistoryOptions): Promise<History> {
  const splits = plannedSplits(options.splits ?? 1);
  const sql = connect(options.databaseUrl, { name: 'history', max: 6, silenceMs: null });
  for (const split of splits) await writeFirst(sql, split);
  const folder = mkdtempSync(join(tmpdir(), 'sluice-history-'));
  const sandbox = await startSandbox({ seed: options.seed });
  for (const name of ['fal', 'runware'] as const) sandbox.control(name, { latencyMs: 5 });
  const crashes: Line[] = [];
  const onCrash = (target: string, said: string) => {
    crashes.push({ type: 'fault', what: 'crash', target, at: performance.now(), said });
  };
  const members = await Promise.all(
    memberOptions(options, sandbox, folder).map((member) => startMember({ ...member, onCrash })),
  );
  const history = new Run(options, sql, sandbox, members, splits);
  try {
    await history.run();
    await drained(members, folder);
    for (const member of members) await member.stop();
    const remains = await Promise.all(splits.map(async (split) => [split.key, await readRemains(sql, split)] as const));
    return { lines: [...history.lines, ...crashes], remains: Object.fromEntries(remains) };
  } finally {
    await Promise.all(members.map((member) => member.stop()));
    await sandbox.close();
    await sql.end({ timeout: 2 });
    rmSync(folder, { recursive: true, force: true });
  }
}

class Run {
  readonly lines: Line[] = [];
  private readonly means: Means;
  private readonly faults = new Set<Promise<unknown>>();

  constructor(
    private readonly options: HistoryOptions,
    sql: Sql,
    private readonly sandbox: Sandbox,
    private readonly members: readonly Member[],
    private readonly splits: readonly PlannedSplit[],
  ) {
    this.means = { sql, databaseUrl: options.databaseUrl, webs: members.slice(0, webs), splits };
  }

  async run(): Promise<void> {
    const { ops, faults } = drawHistoryPlan(this.options.seed, this.options.operations, this.splits);
    const due = [...faults];
    const invoke = async (client: number) => {
      const caller: Caller = { seen: new Map() };
      for (const planned of ops) {
        if (planned.client !== client) continue;
        while (due[0] && due[0].n <= planned.n) this.strike(due.shift() as PlannedFault);
        const { n, op, split } = planned;
        this.say({ type: 'invoke', n, client: `client-${client}`, op, at: performance.now(), split });
        const result = await call(this.means, caller, planned);
        this.say({ n, at: performance.now(), ...result });
        // A process that is not there answers at once: its callers try again a moment later, as people do.
        if (result.type !== 'ok') await wait(50);
      }
    };
    await Promise.all(Array.from({ length: clients }, (_, client) => invoke(client)));
    await Promise.all(this.faults);
    for (const member of this.members) await member.ready();
  }

  private strike({ what, target, ms }: PlannedFault): void {
    const member = this.members[target] as Member;
    this.say({
      type: 'fault',
      what,
      target: what === 'sick-candidate' ? 'runware' : member.life,
      at: performance.now(),
    });
    const striking = this.work(what, member, ms).finally(() => this.faults.delete(striking));
    this.faults.add(striking);
  }

  private async work(what: PlannedFault['what'], member: Member, ms: number): Promise<void> {
    if (what === 'freeze') return member.freeze(ms);
    if (what === 'kill') return member.kill();
    if (what === 'black-hole') return member.blackHole('both', ms);
    if (what === 'half-open') return member.blackHole('to client', ms);
    if (what === 'reset') return member.reset();
    this.sandbox.control('runware', { failureRate: 1, status: 500 });
    await wait(12_000);
    this.sandbox.control('runware', { failureRate: 0 });
  }

  private say(line: Line): void {
    this.lines.push(line);
    this.options.tell?.(line);
  }
}

function memberOptions({ databaseUrl, withoutCompareAndSet }: HistoryOptions, sandbox: Sandbox, folder: string) {
  const planted = withoutCompareAndSet ? { rewrite: withoutVersion, delayMs: 15 } : {};
  const env = {
    ...{ SLUICE_ADMIN_TOKEN: adminToken, SLUICE_SANDBOX: '1', LOG_LEVEL: 'info', SLUICE_TICK_SECONDS: '1' },
    ...{ FAL_KEY: sandbox.falKey, RUNWARE_API_KEY: sandbox.runwareKey },
    ...{ FAL_BASE_URL: sandbox.falUrl, RUNWARE_BASE_URL: sandbox.runwareUrl },
  };
  const of = (kind: 'web' | 'watchdog', count: number, script: string, ready: RegExp) =>
    Array.from({ length: count }, (_, n) => {
      const name = `${kind}-${n}`;
      const dir = join(folder, name);
      mkdirSync(dir, { recursive: true });
      return { name, script, ready, databaseUrl, env: { ...env, SLUICE_DATA_DIR: dir }, ...planted };
    });
  return [
    ...of('web', webs, 'test/support/app-front-process.ts', /LISTENING (\S+)/),
    ...of('watchdog', watchdogs, 'scripts/watchdog.ts', /"msg":"starting"/),
  ];
}

/** The same length, so that the protocol's does not change: any version that was ever there will do. */
function withoutVersion(chunk: Buffer): Buffer {
  const text = chunk.toString('latin1');
  if (!text.includes('f.version = $')) return chunk;
  return Buffer.from(text.replaceAll('f.version = $', 'f.version >=$'), 'latin1');
}

async function writeFirst(sql: Sql, { key, slug, baseline, candidates }: PlannedSplit): Promise<void> {
  const [only] = candidates;
  const isFirst = key === 'GEN_PROVIDER_WEIGHTS';
  const policyKey = isFirst ? 'GEN_ROLLOUT_POLICY' : key.replace(/WEIGHTS$/, 'POLICY');
  const plan = { baseline, candidates, stages: stagesOf({ key, slug, baseline, candidates }) };
  const policy = isFirst ? rule : { ...rule, ...plan, rollback: { ...shared(candidates, 0), [baseline]: 1 } };
  if (!isFirst) {
    await sql`insert into sluice.splits (key, slug, kind, label) values (${key}, ${slug}, 'image', ${slug})`;
    const arms = { [baseline]: 'fal', [only ?? '']: 'runware', [candidates[1] ?? '']: 'fal' };
    for (const [name, provider] of Object.entries(arms))
      await sql`insert into sluice.arms (split, name, provider) values (${key}, ${name}, ${provider})`;
  }
  const weights = JSON.stringify({ ...shared(candidates, 0.1), [baseline]: 1 - 0.1 * candidates.length });
  await sql`insert into feature_flags (flag_key, flag_value, flag_value_text, description)
    values (${policyKey}, false, ${JSON.stringify(policy)}, 'of a history')`;
  await sql`insert into feature_flags (flag_key, flag_value, flag_value_text, description)
    values (${key}, false, ${weights}, 'first')`;
}

/** Longer than a flush, the deadline of a write and the pause before the next one together. */
const calmMs = 4000;

/** Until no process has anything left in memory or on disk, those included that were started again after a kill. */
async function drained(members: readonly Member[], folder: string): Promise<void> {
  await wait(calmMs);
  for (let tries = 0; tries < 200; tries++) {
    const waiting = members.flatMap(({ name }) => {
      const spool = join(folder, name, 'spool');
      return existing(spool);
    });
    if (waiting.length === 0) return;
    await wait(100);
  }
  throw new Error('The spools were not drained within 20 s of calm.');
}

function existing(spool: string): readonly string[] {
  try {
    return readdirSync(spool).filter((file) => file.endsWith('.ndjson'));
  } catch {
    return [];
  }
}

async function readRemains(sql: Sql, { key, baseline }: PlannedSplit): Promise<Remains> {
  const journal = await sql<JournalRow[]>`
    select j.seq, j.actor, j.verb, j.reason, j.becomes, j.stage_from, j.stage_to, j.version_from, j.version
    from sluice.journal j where j.flag_key = ${key} order by j.seq`;
  const [row] = await sql<{ version: number }[]>`select f.version from feature_flags f where f.flag_key = ${key}`;
  const faults = await sql<{ fault: string }[]>`
    select format('%s %s: %s', f.flag_key, f.seq, f.fault) as fault from sluice.journal_faults() f`;
  const events = await sql<{ id: string; ends: number; routes: number }[]>`
    select a.event_data ->> 'request_id' as id, count(*) filter (where a.event_type not like '%route') as ends,
      count(*) filter (where a.event_type like '%route') as routes
    from analytics_logs a
    where a.event_type in ('gen_ok', 'gen_failed', 'gen_route', 'split_ok', 'split_failed', 'split_route')
      and coalesce(a.event_data ->> 'split', 'GEN_PROVIDER_WEIGHTS') = ${key} group by 1`;
  return {
    baseline,
    journal: [...journal],
    version: row?.version ?? 0,
    journalFaults: faults.map(({ fault }) => fault),
    events: Object.fromEntries(events.map(({ id, ends, routes }) => [id, { ends, routes }])),
  };
}
