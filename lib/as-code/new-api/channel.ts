import type { DumpRow } from './read-sql';
import type { Value } from './sql-values';

/** A channel as new-api and one-api keep it. */
export interface Channel {
  readonly id: number;
  readonly name: string;
  readonly type: number;
  /** '' where it names none. */
  readonly baseUrl: string;
  /** What requests name, each once. */
  readonly models: readonly string[];
  readonly groups: readonly string[];
  readonly priority: number;
  readonly weight: number;
  readonly isOn: boolean;
  /** Never shown; [] where the dump has none. */
  readonly keys: readonly string[];
  /** What requests name → what is asked for there. */
  readonly mapping: Readonly<Record<string, string>>;
  /** What it has that nothing here is like. */
  readonly extras: readonly string[];
}

const mostModels = 500;
const longestName = 60;

/** A text: why it is none, with its place in the dump. */
export function channelOf(row: DumpRow, at: number): Channel | string {
  const id = whole(row.get('id'));
  const type = whole(row.get('type'));
  if (id === null || type === null) return `channel ${at + 1} of the dump has no id or no type that is a number`;
  const models = listOf(row.get('models'));
  const mapping = mappingOf(row.get('model_mapping'));
  return {
    ...{ id, type, name: plainName(text(row.get('name'))), baseUrl: text(row.get('base_url')).trim() },
    models: models.slice(0, mostModels),
    groups: orDefault(listOf(row.get('group'))),
    ...{ priority: whole(row.get('priority')) ?? 0, weight: Math.max(0, whole(row.get('weight')) ?? 0) },
    isOn: (whole(row.get('status')) ?? 1) === 1,
    keys: keysOf(text(row.get('key'))),
    mapping: mapping ?? {},
    extras: extrasOf(row, models.length, mapping === null),
  };
}

const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '');

function whole(value: Value | undefined): number | null {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}

/** Of one line, without what a terminal or a page would obey. */
function plainName(name: string): string {
  return name
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, longestName);
}

const listOf = (value: Value | undefined): string[] => [
  ...new Set(
    text(value)
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  ),
];

const orDefault = (groups: readonly string[]) => (groups.length === 0 ? ['default'] : groups);

/** A line each; one that begins like a list is a list. */
function keysOf(said: string): readonly string[] {
  const lines = said
    .split('\n')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  // What its API answers is masked, or empty.
  return lines.filter((each) => !/^\*+$/.test(each));
}

/** null: it is none that can be read. */
function mappingOf(value: Value | undefined): Readonly<Record<string, string>> | null {
  const said = text(value).trim();
  if (said === '' || said === '{}' || said === 'null') return {};
  try {
    const read: unknown = JSON.parse(said);
    if (typeof read !== 'object' || read === null || Array.isArray(read)) return null;
    return Object.fromEntries(Object.entries(read).filter(([, to]) => typeof to === 'string' && to !== ''));
  } catch {
    return null;
  }
}

const said = (value: Value | undefined): boolean => !/^(?:|\{\}|\[\]|null)$/.test(text(value).trim());

function extrasOf(row: DumpRow, models: number, isMappingBroken: boolean): string[] {
  const found = [
    said(row.get('header_override')) ? 'headers of its own: say them as options.headers of the provider' : '',
    said(row.get('param_override')) ? 'parameters that are written over: say them as fixed of a model' : '',
    said(row.get('status_code_mapping')) ? 'a mapping of status codes: answers pass as they come here' : '',
    said(row.get('openai_organization')) ? 'an organization: a key belongs to one' : '',
    /"proxy"\s*:\s*"[^"]/.test(text(row.get('setting'))) ? 'a proxy on the way out: set one for the whole process' : '',
    said(row.get('system_prompt')) ? 'a system prompt' : '',
    isMappingBroken ? 'a mapping of models that cannot be read' : '',
    models > mostModels ? `${models} models; the first ${mostModels} are looked at` : '',
  ];
  return found.filter((each) => each !== '');
}
