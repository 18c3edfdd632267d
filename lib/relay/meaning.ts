import type { CreateRule, Dialect, Pointer, PollRule, RequestRule } from '@/lib/registry/dialects/dialect';
import type { Captures, Meaning } from './dialect';
import { segmentsOf } from './pattern';
import { isPlainAt, textsAt } from './pointer';

const free: Meaning = { kind: 'free' };
const misspelt: Meaning = { kind: 'misspelt' };
const jobless: Meaning = { kind: 'unclear', why: 'its body names no job' };

/** Of a body that only names jobs. */
const longestQuestion = 256 * 1024;
/** Of one that may hold pictures. */
const longestOrder = 16 * 1024 * 1024;

interface Address {
  readonly method: string;
  /** Without the prefix. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/**
 * What a request is; `body` is asked only where a rule of its address reads it. What a looser reader might take for a
 * create or for a list of jobs is not taken for a free question.
 */
export function meaningOf(
  dialect: Dialect,
  method: string,
  path: string,
  query: URLSearchParams,
  body: (() => unknown) | null,
): Meaning {
  const at: Address = { method, path, query };
  const fault = addressFault(dialect, at);
  if (fault !== null) return fault;
  const read = once(body);
  const mayOrder = dialect.creates.some((rule) => captured(rule, at) !== null);
  for (const rule of dialect.polls) {
    const captures = captured(rule, at);
    const asked = captures && askedBy(rule, captures, at, read);
    if (asked && !(mayOrder && asked === jobless && rule.makes)) return asked;
  }
  for (const rule of dialect.creates) {
    const captures = captured(rule, at);
    if (captures === null) continue;
    const { where } = rule;
    if (where && !isPlainAt(read(), where.at)) return unclear(oddAt(where.at));
    if (where === undefined || isWhere(rule, read())) return { kind: 'create', rule, captures };
  }
  for (const rule of dialect.lists) if (captured(rule, at) !== null) return { kind: 'list', rule };
  return namedOtherwise(dialect, at) ?? free;
}

/** How much of its body is read to say what a request is, and by which model where that matters. */
interface BodyUse {
  /** 0: nothing. */
  readonly most: number;
  /** Whether the body decides where the request goes, or whether it may; else a part of it is only kept. */
  readonly decides: boolean;
  /** What of it a form may say as well; null: it is no form. */
  readonly fields: readonly Pointer[] | null;
}

export function bodyUse(dialect: Dialect, { method, path, query }: Address, readsModel: boolean): BodyUse {
  const isAddressed = (rule: RequestRule) => captured(rule, { method, path, query }) !== null;
  const isNamed = (rule: CreateRule) => readsModel && rule.model === undefined && dialect.modelAt.length > 0;
  const decidesOrder = (rule: CreateRule) => rule.where !== undefined || isNamed(rule);
  const decidesQuestion = (rule: PollRule) => rule.where !== undefined || rule.idAt.in === 'body';
  const creates = dialect.creates.filter(isAddressed);
  const isQuestion = dialect.polls.some((rule) => decidesQuestion(rule) && isAddressed(rule));
  const isKept = creates.some(({ keep }) => keep !== undefined);
  const isOrder = creates.some(decidesOrder);
  const from = dialect.polls.flatMap((rule) =>
    rule.makes && rule.idAt.in === 'body' && isAddressed(rule) ? rule.idAt.at : [],
  );
  const isMade = from.length > 0;
  const most = isOrder || isKept || isMade ? longestOrder : isQuestion ? longestQuestion : 0;
  const isForModel = creates.some(isNamed) && !isKept && creates.every(({ where }) => where === undefined);
  const model = creates.some(isNamed) ? dialect.modelAt : [];
  return {
    most,
    decides: isOrder || isQuestion,
    fields: isMade || (isForModel && !isQuestion) ? [...from, ...model] : null,
  };
}

/** One address has one spelling here, since the server behind may not care about capitals and doubled slashes. */
function addressFault(dialect: Dialect, at: Address): Meaning | null {
  const path = at.path.toLowerCase().replace(/\/$/, '');
  for (const name of namesRead(dialect, at.method, path)) {
    const written = [...at.query.keys()].filter((key) => key.toLowerCase() === name.toLowerCase());
    if (written.length > 1) return unclear(`its query says '${name}' more than once`);
    if (written.some((key) => key !== name)) return unclear(`its query must write '${name}' just so`);
  }
  const folded = [...at.query].map(([name, value]) => [name, value.toLowerCase()]);
  const loose = { method: at.method, path, query: new URLSearchParams(folded) };
  const meant = ruleAt(dialect, loose, (value) => value.toLowerCase());
  return meant === null || meant === ruleAt(dialect, at) ? null : misspelt;
}

const unclear = (why: string): Meaning => ({ kind: 'unclear', why });

/** The names in a query that tell what it is, at a path. */
function namesRead({ polls, creates, lists }: Dialect, method: string, path: string): ReadonlySet<string> {
  const here = [...polls, ...creates, ...lists].filter(
    (rule) => isMethod(rule, method) && segmentsOf(rule.path, path) !== null,
  );
  const ids = polls.flatMap((rule) =>
    rule.idAt.in === 'query' && segmentsOf(rule.path, path) !== null ? [rule.idAt.name] : [],
  );
  return new Set([...here.flatMap(({ query = {} }) => Object.keys(query)), ...ids]);
}

function ruleAt(dialect: Dialect, at: Address, fold = same): RequestRule | null {
  const { polls, creates, lists } = dialect;
  const found = [...polls, ...creates, ...lists].find((rule) => captured(rule, at, fold) !== null);
  return found ?? naming(dialect, at)?.rule ?? null;
}

const same = (value: string) => value;

/** A HEAD asks what the GET of its address asks. */
const isMethod = (rule: RequestRule, method: string) =>
  rule.method === method || (method === 'HEAD' && rule.method === 'GET');

function captured(rule: RequestRule, { method, path, query }: Address, fold = same): Captures | null {
  if (!isMethod(rule, method)) return null;
  for (const [name, value] of Object.entries(rule.query ?? {})) if (query.get(name) !== fold(value)) return null;
  return segmentsOf(rule.path, path);
}

interface Naming {
  readonly rule: PollRule;
  readonly ids: readonly string[];
  readonly captures: Captures;
}

/** An address that names a job is about that job, whatever is done there. What is posted there may be no job's. */
function naming({ polls }: Dialect, at: Address): Naming | null {
  if (at.method === 'POST') return null;
  for (const rule of polls) {
    const captures = rule.idAt.in === 'body' ? null : segmentsOf(rule.path, at.path);
    const ids = captures === null ? [] : idsOf(rule, captures, at.query, undefined);
    if (captures !== null && ids.length > 0) return { rule, ids, captures };
  }
  return null;
}

function namedOtherwise(dialect: Dialect, at: Address): Meaning | null {
  const named = naming(dialect, at);
  if (named === null) return null;
  const { rule, ids, captures } = named;
  return { kind: 'job', rule: { ...rule, method: at.method, does: 'other', makes: undefined }, ids, captures };
}

/** null: it asks for no job by this rule. */
function askedBy(rule: PollRule, captures: Captures, { method, query }: Address, read: () => unknown): Meaning | null {
  const isRead = rule.where !== undefined || rule.idAt.in === 'body';
  const body = isRead ? read() : undefined;
  const fault = isRead ? bodyFault(rule, body) : null;
  if (fault !== null) return unclear(fault);
  if (!isWhere(rule, body)) return null;
  const ids = idsOf(rule, captures, query, body);
  if (ids.length === 0) return rule.idAt.in === 'body' ? jobless : null;
  return { kind: 'job', rule: method === rule.method ? rule : { ...rule, method, does: 'other' }, ids, captures };
}

const oddAt = (pointer: string) =>
  `${pointer} of its body must be a text or a whole number, under a key of just this spelling`;

function bodyFault({ where, idAt }: PollRule, body: unknown): string | null {
  const pointers = [...(where ? [where.at] : []), ...(idAt.in === 'body' ? idAt.at : [])];
  const odd = pointers.find((at) => !isPlainAt(body, at));
  if (odd !== undefined) return oddAt(odd);
  return where?.at.startsWith('/*/') ? listFault(where, body) : null;
}

/** A list of tasks is one thing: only questions, or one task that may begin something. */
function listFault(where: NonNullable<RequestRule['where']>, body: unknown): string | null {
  if (!Array.isArray(body) || body.length === 0) return 'its body must be a list of tasks';
  const questions = body.filter((task) => isWhere({ where }, [task])).length;
  if (questions === body.length || (questions === 0 && body.length === 1)) return null;
  return 'its list may hold only questions for jobs, or one other task; send each other task by itself';
}

function isWhere({ where }: Pick<RequestRule, 'where'>, body: unknown): boolean {
  if (where === undefined) return true;
  const words = where.is.map((word) => word.toLowerCase());
  return textsAt(body, where.at).some((text) => words.includes(text.toLowerCase()));
}

function idsOf({ idAt }: PollRule, captures: Captures, query: URLSearchParams, body: unknown): readonly string[] {
  if (idAt.in === 'path') return [captures[idAt.name] ?? ''].filter(Boolean);
  if (idAt.in === 'query') return query.getAll(idAt.name).filter(Boolean);
  return [...new Set(idAt.at.flatMap((at) => textsAt(body, at)))];
}

/** A body that cannot be read says nothing. */
function once(body: (() => unknown) | null): () => unknown {
  let read: { readonly value: unknown } | null = null;
  return () => {
    read ??= { value: body === null ? undefined : parsed(body) };
    return read.value;
  };
}

function parsed(body: () => unknown): unknown {
  try {
    return body();
  } catch {
    return undefined;
  }
}
