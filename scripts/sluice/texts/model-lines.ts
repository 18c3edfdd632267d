import type { ModelEntry } from '@/lib/registry/registry';
import { tableLines } from './table-lines';

/** One line an alias and provider; an alias is written once. */
export function modelLines(models: readonly ModelEntry[]): readonly string[] {
  const rows = models.map((one, at) => [
    models[at - 1]?.alias === one.alias ? '' : one.alias,
    ...[one.provider, one.providerModel, one.enabled ? 'on' : 'off', one.shipped ? 'shipped' : 'own', priceText(one)],
  ]);
  return tableLines(['alias', 'provider', 'its name there', 'is', 'from', 'price'], rows);
}

/** What an alias is at one provider, for a person. */
export function modelPage(model: ModelEntry): readonly string[] {
  const { alias, provider, providerModel, params, fixed, lossy, enabled, shipped, source } = model;
  const state = `${enabled ? 'on' : 'off: it counts as not there'}, ${shipped ? 'shipped' : 'your own'}`;
  const rules = Object.entries(params).map(([name, rule]) => ruleRow(name, rule));
  return [
    `${alias} at ${provider} is ${providerModel} (${state})`,
    `price: ${priceText(model) || 'not known'}; where it cannot be told a request: ${lossy}`,
    ...(Object.keys(fixed).length > 0 ? [`always sent: ${JSON.stringify(fixed)}`] : []),
    `source: ${source ?? 'nobody said'}`,
    ...(rules.length === 0
      ? ['It has no rules of its own: the usual ones of its adapter hold.']
      : tableLines(['ours', 'is called', 'takes', 'scale'], rules)),
  ];
}

function priceText({ price }: ModelEntry): string {
  const { usd, per = 'image', by, at, ...rest } = (price ?? {}) as Record<string, unknown>;
  const more = { ...rest, ...(by !== undefined && { by }), ...(at !== undefined && { at }) };
  const list = Object.keys(more).length === 0 ? [] : [JSON.stringify(more)];
  return [...(usd === undefined ? [] : [`$${usd} a ${per}`]), ...list].join(' ');
}

function ruleRow(name: string, written: unknown): readonly string[] {
  const rule = (typeof written === 'object' && written !== null ? written : { to: written }) as Record<string, unknown>;
  const { to, width, height, times, plus } = rule;
  const called = String(to ?? (width === undefined ? name : `${width}, ${height}`));
  const scale = [...(times === undefined ? [] : [`× ${times}`]), ...(plus === undefined ? [] : [`+ ${plus}`])];
  return [name, called, takesText(rule), scale.join(' ')];
}

function takesText(rule: Record<string, unknown>): string {
  const { as, min, max, step, most, values, required, default: usual, takes, list, accepts } = rule;
  const words = Array.isArray(values)
    ? values.join(', ')
    : Object.entries(values ?? {})
        .map(([ours, theirs]) => (ours === String(theirs) ? ours : `${ours} → ${theirs}`))
        .join(', ');
  const range = min === undefined && max === undefined ? '' : `${min ?? ''}..${max ?? ''}`;
  return [
    ...[as, range, step === undefined ? '' : `by ${step}`, words, most === undefined ? '' : `at most ${most}`],
    ...[list === true ? 'a list' : '', Array.isArray(takes) ? `as ${takes.join(' or ')}` : ''],
    ...[accepts === undefined ? '' : `called by ${accepts}`, required === true ? 'required' : ''],
    usual === undefined ? '' : `else ${usual}`,
  ]
    .filter((text) => text !== undefined && text !== '')
    .join('; ');
}
