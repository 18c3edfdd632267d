import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Sql } from '@/lib/postgres/sql';
import { runSluice } from '@/test/support/run-sluice';
import { type Result, reasonOf } from './history';
import type { Member } from './member';
import type { PlannedOp, PlannedSplit } from './plan';

export type Ended = Result & { readonly type: 'ok' | 'fail' | 'unknown' };

export const adminToken = 'history-admin-token-0123456789';
const root = fileURLToPath(new URL('../../..', import.meta.url));
const withinMs = 8000;

export interface Caller {
  /** Versions this client has seen of each split, the newest last. */
  readonly seen: Map<string, number[]>;
}

function seenBy(caller: Caller, split: string): number[] {
  const seen = caller.seen.get(split) ?? [];
  caller.seen.set(split, seen);
  return seen;
}

export interface Means {
  readonly sql: Sql;
  readonly databaseUrl: string;
  readonly webs: readonly Member[];
  readonly splits: readonly PlannedSplit[];
}

function splitOf({ splits }: Means, { split }: PlannedOp): PlannedSplit {
  const found = splits.find(({ key }) => key === split);
  if (found === undefined) throw new Error(`The history has no split ${split}.`);
  return found;
}

/** The first split has doors of its own, as it had before there were others. */
function doorOf(means: Means, planned: PlannedOp): string {
  const { slug } = splitOf(means, planned);
  return slug === 'gen' ? '/api/rollout' : `/api/splits/${slug}`;
}

/** Does one operation and says how it ended: an answer that never came leaves it unknown. */
export async function call(means: Means, caller: Caller, planned: PlannedOp): Promise<Ended> {
  try {
    const ended = await callers[planned.op](means, caller, planned);
    if (ended.version != null && planned.op !== 'generate' && ended.type === 'ok')
      seenBy(caller, planned.split).push(ended.version);
    return ended;
  } catch (error) {
    return { type: isRefused(error) ? 'fail' : 'unknown', why: String(error).slice(0, 120) };
  }
}

type Call = (means: Means, caller: Caller, planned: PlannedOp) => Promise<Ended>;

const post = (path: string, body: (planned: PlannedOp) => object): Call => {
  return async (means, caller, planned) => {
    const web = means.webs[planned.web] as Member;
    const door = doorOf(means, planned);
    const against = await versionFor(web, door, caller, planned);
    const answer = await http(web, path === 'weights' ? 'PUT' : 'POST', `${door}/${path}`, {
      body: { reason: reasonOf(planned.n), ...body(planned) },
      ...(path === 'rollback' ? {} : { ifMatch: against }),
    });
    return ended(answer, path === 'rollback' ? null : against);
  };
};

const ofArm = ({ arm }: PlannedOp): object => (arm === null ? {} : { arm });

const callers: Readonly<Record<PlannedOp['op'], Call>> = {
  advance: post('advance', ({ override, n }) => ({ to: ['D1', 'D1', 'D2', 'D3'][n % 4], override })),
  weights: post('weights', ({ override, weights }) => ({ weights, override })),
  rollback: post('rollback', ofArm),
  pause: post('pause', () => ({})),
  resume: post('resume', () => ({})),
  rearm: post('rearm', ofArm),
  read: async (means, _, planned) =>
    ended(await http(means.webs[planned.web] as Member, 'GET', doorOf(means, planned), {}), null),
  generate: async (means, _, planned) => {
    const member = means.webs[planned.web] as Member;
    const { slug } = splitOf(means, planned);
    const body = { prompt: `picture ${planned.n}`, ...(slug === 'gen' ? {} : { split: slug }) };
    const answer = await http(member, 'POST', '/api/generate', { body });
    const { request_id, weights_version, attempts } = answer.body as Record<string, never>;
    const tries = (attempts ?? []) as readonly unknown[];
    const known = { requestId: request_id ?? answer.requestId, version: weights_version ?? null, by: answer.by };
    if (answer.status !== 200) return { type: 'fail', ...known, why: String(answer.status) };
    return { type: 'ok', ...known, attempts: tries.length, arm: answer.arm };
  },
  sql: async ({ sql }, _, { n, split, weights }) => {
    const text = JSON.stringify(weights);
    const [row] = await sql.begin(async (tx) => {
      await tx`select set_config('sluice.reason', ${reasonOf(n)}, true), set_config('statement_timeout', '5s', true)`;
      return tx<{ version: number }[]>`
        update feature_flags set flag_value_text = ${text}, updated_at = now()
        where flag_key = ${split} returning version`;
    });
    return { type: 'ok', version: row?.version ?? null };
  },
  cli: async (means, caller, planned) => {
    const { n, split } = planned;
    const against = seenBy(caller, split).at(-1) ?? 1;
    const verb = n % 3 === 0 ? ['rollback'] : ['advance', 'D1', '--override', '--if-version', String(against)];
    const where = ['--split', splitOf(means, planned).slug];
    const rest = ['--reason', reasonOf(n), '--yes', '--json'];
    const ran = await runSluice([...verb, ...where, ...rest], { databaseUrl: means.databaseUrl });
    if (ran.code === 3 || ran.code === 4) return { type: 'fail', why: ran.stderr.slice(0, 120) };
    if (ran.code !== 0) return { type: 'unknown', why: ran.stderr.slice(0, 120) };
    const { version, already } = JSON.parse(ran.stdout) as { version: number; already?: boolean };
    return { type: 'ok', version, against: verb.length === 1 ? null : against, already: already === true };
  },
  script: async (means, caller, planned) => {
    const { n, weights, split } = planned;
    // The script knows the first split alone.
    if (split !== 'GEN_PROVIDER_WEIGHTS') return callers.sql(means, caller, planned);
    const text = JSON.stringify(weights);
    const said = await runScript([text, '--reason', reasonOf(n), '--json'], means.databaseUrl);
    const { ok, after, error } = JSON.parse(said) as { ok: boolean; after?: { version: number }; error?: string };
    return ok ? { type: 'ok', version: after?.version ?? null } : { type: 'unknown', why: String(error).slice(0, 120) };
  },
};

/** The version somebody acts on: what is there, what they saw, or what they saw long ago. */
async function versionFor(web: Member, door: string, caller: Caller, { seen, split }: PlannedOp): Promise<number> {
  const known = seenBy(caller, split);
  if (seen === 'old') return known.at(-4) ?? 1;
  if (seen === 'last' && known.length > 0) return known.at(-1) ?? 1;
  const { body } = await http(web, 'GET', door, {});
  const { version } = body as { version?: number };
  return version ?? known.at(-1) ?? 1;
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly requestId: string;
  /** The arm that was drawn. */
  readonly arm: string;
  readonly by: string;
}

async function http(
  web: Member,
  method: string,
  path: string,
  { body, ifMatch }: { readonly body?: object; readonly ifMatch?: number },
): Promise<Answer> {
  const by = web.life;
  if (web.url === null) throw Object.assign(new Error('the process is not there'), { code: 'ECONNREFUSED' });
  const answer = await fetch(web.url + path, {
    method,
    headers: {
      authorization: `Bearer ${adminToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(withinMs),
  });
  const requestId = answer.headers.get('x-request-id') ?? '';
  const arm = answer.headers.get('x-sluice-arm') ?? '';
  return { status: answer.status, body: (await answer.json()) as Answer['body'], requestId, arm, by };
}

/** 4xx was refused for sure; a 5xx may have been done before the answer was lost. */
function ended({ status, body, by }: Answer, against: number | null): Ended {
  const { version, already, code } = body as { version?: number; already?: boolean; code?: string };
  if (status >= 200 && status < 300)
    return { type: 'ok', version: version ?? null, against, by, already: already === true };
  return { type: status < 500 ? 'fail' : 'unknown', why: `${status} ${code}` };
}

function isRefused(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: unknown };
  return code === 'ECONNREFUSED' || (cause !== undefined && isRefused(cause));
}

function runScript(args: readonly string[], databaseUrl: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['scripts/ops/update-provider-weights.mjs', ...args], {
      cwd: root,
      env: { ...process.env, DATABASE_URL: databaseUrl },
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', () => resolve(output));
  });
}
