import { Document, isCollection, isMap, isPair, isScalar, isSeq, visit } from 'yaml';
import type { StoredState } from '../read-state';
import type { Row, RowOf } from '../rows';

/** The file that says what the database says: the same for the same state, and read back it changes nothing. */
export function writeConfig(state: StoredState, schemaUrl: string): string {
  const document = new Document(contentOf(state), {
    version: '1.2',
    schema: 'core',
    compat: 'yaml-1.1',
    aliasDuplicateObjects: false,
  });
  document.commentBefore = [
    ` yaml-language-server: $schema=${schemaUrl}`,
    ' What is routed where, and by which rules. Never keys, weights, latches or pauses: those are not in this file.',
    ...[...state.policyFaults].map(([key]) => ` The stored policy of ${key} cannot be read, and is left out.`),
  ].join('\n');
  compact(document);
  commentChannels(document, state);
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function contentOf({ rows, slugs }: StoredState): Record<string, unknown> {
  const sections = {
    dialects: byName(rowsOf(rows, 'dialect'), ({ id: [name = ''], values }) => [name, sorted(values.rules)]),
    providers: byName(rowsOf(rows, 'provider'), ({ id: [name = ''], values }) => [name, providerEntry(values)]),
    models: modelsOf(rowsOf(rows, 'model')),
    splits: byName(rowsOf(rows, 'split'), (split) => [slugs.get(split.id[0] ?? '') ?? '', splitEntry(split, rows)]),
    callers: byName(rowsOf(rows, 'caller'), ({ id: [name = ''], values }) => [name, callerEntry(values)]),
    channels: rowsOf(rows, 'channel').map(({ values: { kind, url, secret, name = null, alerts = null } }) => ({
      ...(name !== null && { name }),
      ...{ kind, url },
      ...(secret !== null && { secret }),
      ...(alerts !== null && { alerts }),
    })),
  };
  return Object.fromEntries(Object.entries(sections).filter(([, section]) => Object.keys(section).length > 0));
}

function rowsOf<N extends Row['of']>(rows: readonly Row[], noun: N): RowOf<N>[] {
  return rows.filter((row) => row.of === noun) as unknown as RowOf<N>[];
}

function byName<T>(rows: readonly T[], entry: (row: T) => readonly [string, unknown]): Record<string, unknown> {
  return Object.fromEntries(rows.map(entry).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What is as it would be without a word is left out. */
function said(entries: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(entries).filter(([, value]) => {
      if (value === null || value === false) return false;
      return typeof value !== 'object' || Object.keys(value).length > 0;
    }),
  );
}

function providerEntry({ adapter, label, baseUrl, options, state, deprecated }: RowOf<'provider'>['values']) {
  return {
    label,
    ...said({ adapter, baseUrl, options: sorted(options), state: state === 'active' ? null : state, deprecated }),
  };
}

function modelsOf(rows: readonly RowOf<'model'>[]): Record<string, unknown> {
  const aliases = [...new Set(rows.map(({ id: [alias = ''] }) => alias))].sort();
  const at = (alias: string) =>
    byName(
      rows.filter(({ id }) => id[0] === alias),
      ({ id: [, provider = ''], values }) => [provider, modelEntry(values)],
    );
  return Object.fromEntries(aliases.map((alias) => [alias, at(alias)]));
}

function modelEntry({ providerModel, price, params, fixed, lossy, enabled, source }: RowOf<'model'>['values']) {
  return {
    model: providerModel,
    ...said({ price: sorted(price), params: sorted(params), fixed: sorted(fixed), source }),
    ...(lossy === 'pin' ? {} : { lossy }),
    ...(enabled ? {} : { enabled }),
  };
}

function splitEntry({ id: [key = ''], values }: RowOf<'split'>, rows: readonly Row[]) {
  const { kind, label, match, quota = {}, isDefault, archived } = values;
  const arms = byName(
    rowsOf(rows, 'arm').filter(({ id }) => id[0] === key),
    ({ id: [, name = ''], values: { provider, model, params } }) => [
      name,
      { provider, ...said({ model, params: sorted(params) }) },
    ],
  );
  const policy = rowsOf(rows, 'policy').find(({ id }) => id[0] === key)?.values;
  return {
    key,
    kind,
    label,
    ...said({ match, quota: sorted(quota), default: isDefault, archived, arms }),
    ...(policy && { policy }),
  };
}

function callerEntry({ scopes, prefixes, models, ratePerMinute, quota = {} }: RowOf<'caller'>['values']) {
  return { scopes, ...said({ prefixes, models, ratePerMinute, quota: sorted(quota) }) };
}

/** By name at every depth, because the database keeps no order of an object. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}

const mostInLine = 96;
const neverInLine = new Set(['arms', 'policy', 'stages', 'redLines']);

/** What is short and deep stands in one line. */
function compact(document: Document): void {
  visit(document, {
    Collection(_, node, path) {
      const holder = path.at(-1);
      const name = isPair(holder) && isScalar(holder.key) ? String(holder.key.value) : '';
      const depth = path.filter(isCollection).length;
      if (depth < 3 && !isSeq(node)) return undefined;
      if (depth < 2 || neverInLine.has(name)) return undefined;
      if (JSON.stringify(node.toJSON()).length > mostInLine) return undefined;
      node.flow = true;
      return visit.SKIP;
    },
  });
}

function commentChannels(document: Document, { channels }: StoredState): void {
  const list = document.get('channels', true);
  if (!isSeq(list)) return;
  for (const [at, { isNamed, urlReference }] of channels.entries()) {
    const item = list.items[at];
    if (isMap(item) && !isNamed)
      item.commentBefore = ` Its address is a secret: give the variable a name of your own, and set it where you apply (${urlReference.slice(2, -1)} is kept as it is while it is not set).`;
  }
}
