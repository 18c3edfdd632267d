import { isObject } from '@/lib/kernel/json-text';
import { fixedFaults, ruleFault } from './check-rule';
import { sizeFaults } from './check-size';
import type { ModelRow } from './model-row';
import type { VendorSchema } from './vendor-schema';

/** What an adapter says by itself, whatever the row. */
const saidByAdapter: Readonly<Record<string, readonly string[]>> = {
  runware: ['taskType', 'taskUUID', 'model', 'outputType'],
};

/** What of a model's row its vendor would not take, in sentences that name the row; none when all of it fits. */
export function checkModel(row: ModelRow, schema: VendorSchema): readonly string[] {
  return rowFaults(row, row.provider, schema).map((fault) => `${row.alias} at ${row.provider}: ${fault}`);
}

/** The same of a row at any provider that speaks by this adapter, without its name. */
export function rowFaults(
  row: Omit<ModelRow, 'alias' | 'provider'>,
  adapter: string,
  schema: VendorSchema,
): readonly string[] {
  const { size, ...rules } = row.params;
  return [
    ...(row.providerModel === schema.id
      ? []
      : [`provider_model is "${row.providerModel}", and this is "${schema.id}"`]),
    ...Object.entries(rules).flatMap(([name, rule]) => ruleFault(name, rule, schema) ?? []),
    ...(size === undefined ? [] : sizeFaults(size, schema)),
    ...fixedFaults(row.fixed, schema),
    ...requiredFaults(row, adapter, schema),
  ];
}

/** A field that the vendor wants must be sent whatever the caller leaves out. */
function requiredFaults(
  row: Pick<ModelRow, 'params' | 'fixed'>,
  adapter: string,
  schema: VendorSchema,
): readonly string[] {
  const sent = new Set([...(saidByAdapter[adapter] ?? []), ...alwaysSent(row)]);
  return requiredPaths(schema)
    .filter((path) => !sent.has(path))
    .map((path) => `${schema.id} requires "${path}", which nothing here always sends`);
}

function alwaysSent({ params, fixed }: Pick<ModelRow, 'params' | 'fixed'>): readonly string[] {
  const named = Object.entries(params).flatMap(([name, rule]) => {
    if (typeof rule === 'string') return [];
    if (name === 'size') return usualSides(rule);
    const isSent = rule.required === true || rule.default !== undefined;
    return isSent ? withParents(String(rule.to ?? name)) : [];
  });
  return [...named, ...pathsOf(fixed)];
}

/** A size that was not asked for is 1024 × 1024, where the rule lets it. */
function usualSides({ as, to, width, height, min, max, step }: Readonly<Record<string, unknown>>): readonly string[] {
  const isUsual = 1024 >= Number(min ?? 1) && 1024 <= Number(max ?? 8192) && 1024 % Number(step ?? 1) === 0;
  if (as === 'sides') return isUsual ? [String(width), String(height)] : [];
  return as === 'object' && !isUsual ? [] : [String(to)];
}

const withParents = (path: string) => path.split('.').map((_, index, parts) => parts.slice(0, index + 1).join('.'));

function pathsOf(tree: Readonly<Record<string, unknown>>, before = ''): readonly string[] {
  return Object.entries(tree).flatMap(([name, value]) => {
    return [before + name, ...(isObject(value) ? pathsOf(value, `${before}${name}.`) : [])];
  });
}

/** Of an object that is optional nothing is required. */
function requiredPaths({ fields }: VendorSchema, before = ''): readonly string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (!field.required) return [];
    const inside = field.type === 'object' ? { id: '', source: '', fields: field.fields ?? {} } : null;
    return [before + name, ...(inside ? requiredPaths(inside, `${before}${name}.`) : [])];
  });
}
