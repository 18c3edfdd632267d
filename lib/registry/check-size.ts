import { usually } from './model-rule';
import { fieldAt, type VendorField, type VendorSchema } from './vendor-schema';

type Rule = Readonly<Record<string, unknown>>;

/** What sizes this rule lets through that would not be taken. */
export function sizeFaults(given: string | Rule, schema: VendorSchema): readonly string[] {
  const rule: Rule = typeof given === 'string' ? { to: given } : given;
  const say = (fault: string | null) => (fault === null ? [] : [`params.size ${fault}`]);
  if (rule.as === 'ratio' || rule.as === 'names') return say(wordsFault(rule, schema));
  if (Array.isArray(rule.values)) return say(listFault(rule.values, schema));
  const places = rule.as === 'sides' ? [rule.width, rule.height] : [`${rule.to}.width`, `${rule.to}.height`];
  const faults = places.flatMap((place) => say(sideFault(String(place), rule, schema)));
  return faults.length > 0 ? faults : say(togetherFault(rule, schema));
}

function wordsFault({ as, to, values }: Rule, schema: VendorSchema): string | null {
  const field = fieldAt(schema, String(to));
  if (field === null) return `goes to "${to}", which ${schema.id} does not have`;
  const isTable = !Array.isArray(values);
  const theirs = isTable ? (as === 'ratio' ? Object.keys(values as object) : Object.values(values as object)) : values;
  const refused = field.oneOf ? theirs.filter((word: string) => !field.oneOf?.includes(word)) : [];
  return refused.length === 0
    ? null
    : `says ${refused.join(', ')} at "${to}", where ${schema.id} takes only ${field.oneOf?.join(', ')}`;
}

function listFault(values: readonly string[], { id, sizes }: VendorSchema): string | null {
  const wrong = sizes ? values.filter((size) => !sizes.includes(size)) : [];
  return wrong.length === 0
    ? null
    : `lets ${wrong.slice(0, 5).join(', ')} through, and ${id} makes only ${sizes?.join(', ')}`;
}

function sideFault(place: string, rule: Rule, schema: VendorSchema): string | null {
  const { min, max, step } = { ...usually.side, ...rule };
  const field = fieldAt(schema, place);
  if (field === null) return `goes to "${place}", which ${schema.id} does not have`;
  return field.type === 'any' ? null : rangeFault(place, [Number(min), Number(max), Number(step)], field, schema.id);
}

function rangeFault(
  place: string,
  [min, max, step]: readonly [number, number, number],
  field: VendorField,
  id: string,
): string | null {
  const whose = `at "${place}", where ${id} takes`;
  if (field.min !== undefined && min < field.min) return `may be ${min} ${whose} at least ${field.min}`;
  if (field.max !== undefined && max > field.max) return `may be ${max} ${whose} at most ${field.max}`;
  const isEven = field.step === undefined || (step % field.step === 0 && min % field.step === 0);
  return isEven ? null : `goes in steps of ${step} ${whose} multiples of ${field.step}`;
}

const mostTried = 4096;

/** Where a vendor serves some sizes only, each that the rule lets through must be one of them. */
function togetherFault(rule: Rule, { id, sizes }: VendorSchema): string | null {
  if (sizes === undefined) return null;
  const { min, max, step, most } = { ...usually.side, most: usually.megapixels, ...(rule as Record<string, number>) };
  const count = Math.floor((max - min) / step) + 1;
  if (count * count > mostTried) return `lets any sides through, and ${id} makes only ${sizes.join(', ')}`;
  const sides = Array.from({ length: count }, (_, at) => min + at * step);
  const letThrough = sides.flatMap((width) => sides.map((height) => [width, height] as const));
  const wrong = letThrough
    .filter(([width, height]) => (width * height) / 1e6 <= most)
    .map(([width, height]) => `${width}x${height}`)
    .filter((size) => !sizes.includes(size));
  return wrong.length === 0 ? null : `lets ${wrong.join(', ')} through, and ${id} makes only ${sizes.join(', ')}`;
}
