import type { Generated } from '@/lib/gateway/request/ending';
import type { GenerateParts } from '@/lib/gateway/request/generate-parts';
import type { LiveSplit } from '@/lib/gateway/weights/live-split';
import { Problem } from '@/lib/http/problem';
import { StoreAway } from '@/lib/kernel/store-away';
import type { Dialect } from '@/lib/registry/dialects/dialect';
import { formType, readFields } from './body/read-form';
import { readJson, refuseOtherTypes } from './body/read-json';
import { readWhole } from './body/read-whole';
import type { Meaning } from './dialect';
import type { Prefixed } from './find-prefix';
import { askAbout } from './jobs/ask-about';
import { orderPassing } from './jobs/order-passing';
import type { RelayJobs } from './jobs/relay-jobs';
import { bodyUse, meaningOf } from './meaning';
import { blamed } from './refusal';
import { type Incoming, sendOn } from './send-on';
import { type Asked, asked, streamTo } from './stream-to';

/** What a request of a relay is: whether it is drawn and counted, before anything of it is sent. */
export interface Understood {
  readonly method: string;
  readonly dialect: Dialect;
  readonly meaning: Exclude<Meaning, { readonly kind: 'misspelt' | 'unclear' }>;
  /** Of its body, where that was read; undefined: it was not. */
  readonly body: unknown;
}

/**
 * Reads only as much of its body as it takes to know what it is, and by which model where that matters; refuses what a
 * provider might understand in another way.
 */
export async function understand(
  { dialect, split }: Pick<Prefixed, 'dialect' | 'split'>,
  incoming: Incoming,
  readsModel: boolean,
): Promise<Understood> {
  if (dialect === null) throw unspoken(split);
  const { method, target } = incoming;
  if (dialect.creates.length === 0) return { method, dialect, meaning: { kind: 'free' }, body: undefined };
  const query = new URLSearchParams(target.search);
  const body = await said(dialect, incoming, query, readsModel);
  const meaning = meaningOf(dialect, method, target.path, query, () => body);
  if (meaning.kind === 'misspelt') throw misspelt(incoming);
  if (meaning.kind === 'unclear') throw unclear(incoming, meaning.why);
  return { method, dialect, meaning, body };
}

/** A form is read where nothing but its model, or what it is made of, is asked of it; undefined: nothing is. */
async function said(
  dialect: Dialect,
  incoming: Incoming,
  query: URLSearchParams,
  readsModel: boolean,
): Promise<unknown> {
  const { method, target, rawHeaders, body } = incoming;
  const at = { method, path: target.path, query };
  const { most, decides, fields } = bodyUse(dialect, at, readsModel);
  if (most === 0 || body === null) return undefined;
  const form = fields === null ? null : formType(rawHeaders);
  if (form === null && decides) refuseOtherTypes(rawHeaders);
  const bytes = await readWhole(body, incoming.answer, most);
  return form === null ? readJson(bytes) : readFields(form, bytes, fields ?? []);
}

const asking = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether it may begin something; a question is free. */
export function isCounted({ method, dialect, meaning }: Understood): boolean {
  if (meaning.kind === 'job') return meaning.rule.makes !== undefined;
  // A write that no rule knows may begin anything.
  return meaning.kind === 'create' || dialect.creates.length === 0 || !asking.has(method);
}

export type Passed = { readonly generated: Generated } | Asked;

/** Sends it where it belongs: a create by the split, what is about a job to where that lives, the rest to the baseline. */
export async function passOn(
  gateway: GenerateParts,
  jobs: RelayJobs | null,
  { split, prefix, prefixes }: Prefixed,
  incoming: Incoming,
  understood: Understood,
): Promise<Passed> {
  const { dialect, meaning, body } = understood;
  if (dialect.creates.length === 0) return { generated: await sendOn(gateway, split, incoming) };
  if (meaning.kind === 'list') throw listProblem(incoming);
  if (meaning.kind === 'free') return askBaseline(gateway, split, incoming);
  if (jobs === null) throw new StoreAway('a job is its row, and there is no database');
  const { rule, captures } = meaning;
  if (meaning.kind === 'create') {
    const order = { incoming, prefix, dialect, rule: meaning.rule, captures, body };
    return { generated: await orderPassing(gateway, jobs, split, order) };
  }
  const about = { incoming, prefix, prefixes, dialect, rule: rule as typeof meaning.rule, ids: meaning.ids };
  return askAbout(gateway, jobs, split, about);
}

/** A question that is about no job. */
async function askBaseline(gateway: GenerateParts, split: LiveSplit, incoming: Incoming): Promise<Asked> {
  const baseline = split.names?.baseline ?? '';
  const provider = split.arms.get(baseline)?.provider ?? '';
  const lane = gateway.lanes.get(provider);
  const fault = split.armFaults.get(baseline);
  if (lane === undefined || fault !== undefined) {
    const detail = `${fault ?? `The baseline of '${split.slug}' cannot be called`}. Nothing was sent.`;
    throw blamed(new Problem(503, 'baseline-not-ready', detail, { headers: { 'retry-after': '5' } }), 'provider');
  }
  incoming.answer.marks = ['x-request-id', incoming.requestId, 'x-sluice-split', split.slug, 'x-sluice-arm', baseline];
  const place = { gateway, streams: lane.provider.streams, name: provider, model: split.slug };
  return asked(await streamTo(place, incoming, { answer: incoming.answer, isRead: false }));
}

/** The registry of a newer build, or a row that cannot be read. */
function unspoken({ slug }: LiveSplit): Problem {
  const detail = `The dialect that the arms of '${slug}' speak is not known here, so it cannot be told what this asks for. Nothing was sent; try again in 5 s.`;
  return blamed(new Problem(503, 'dialect-not-ready', detail, { headers: { 'retry-after': '5' } }), 'provider');
}

function listProblem({ method, target }: Incoming): Problem {
  const detail = `${method} ${target.path} would tell of the jobs of every caller here; ask for yours one by one, by id.`;
  return blamed(new Problem(403, 'lists-others', detail), 'caller');
}

function misspelt({ method, target }: Incoming): Problem {
  const detail = `${method} ${target.path} is nearly an address of this interface: mind small letters and the slash at its end. Nothing was sent.`;
  return blamed(new Problem(404, 'unknown-address', detail), 'caller');
}

function unclear({ method, target }: Incoming, why: string): Problem {
  const detail = `${method} ${target.path} was not sent: ${why}.`;
  return blamed(new Problem(400, 'unclear-request', detail), 'caller');
}
