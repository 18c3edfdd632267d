import { kindOf, usually } from './model-rule';
import { fieldAt, type VendorField, type VendorSchema } from './vendor-schema';

type Rule = Readonly<Record<string, unknown>>;

/** Why what this rule lets through would not be taken; null when it would. */
export function ruleFault(name: string, given: string | Rule, schema: VendorSchema): string | null {
  const rule: Rule = typeof given === 'string' ? { to: given } : given;
  const to = String(rule.to ?? name);
  const field = fieldAt(schema, to);
  const place = `params.${name}`;
  if (field === null) return `${place} goes to "${to}", which ${schema.id} does not have`;
  if (field.type === 'any') return null;
  const kind = kindOf(name, rule);
  const fault = kindFault(kind, rule, field);
  return fault && `${place} goes to "${to}", and ${schema.id} ${fault}`;
}

function kindFault(kind: string, rule: Rule, field: VendorField): string | null {
  switch (kind) {
    case 'whole':
    case 'number':
      return rule.values === undefined ? numberFault(kind, rule, field) : choiceFault(kind, rule, field);
    case 'text':
      return textFault(rule, field);
    case 'flag':
    case 'choice':
      return choiceFault(kind, rule, field);
    case 'image':
    case 'images':
      return imageFault(rule, field);
    case 'loras':
      return lorasFault(rule, field);
    default:
      return null;
  }
}

function numberFault(kind: string, rule: Rule, field: VendorField): string | null {
  const { times = 1, plus = 0, step } = rule as { times?: number; plus?: number; step?: number };
  if (field.type !== 'number' && field.type !== 'whole') return `takes ${theType(field)} there, no number`;
  const isWhole = kind === 'whole' || (step !== undefined && Number.isInteger(round(step * times)));
  const isOneOf = field.oneOf !== undefined;
  if (field.type === 'whole' && !isWhole && !isOneOf) return 'takes only whole numbers there';
  const ends = [rule.min, rule.max].map((end) => (typeof end === 'number' ? round(end * times + plus) : null));
  const [least = null, most = null] = times < 0 ? [ends[1], ends[0]] : ends;
  if (isOneOf) return [least, most].every((end) => end !== null && field.oneOf?.includes(end)) ? null : oneOf(field);
  if (field.min !== undefined && (least === null || least < field.min)) return `takes nothing below ${field.min} there`;
  if (field.max !== undefined && (most === null || most > field.max)) return `takes nothing above ${field.max} there`;
  return null;
}

function textFault({ max = usually.characters }: Rule, field: VendorField): string | null {
  if (field.type !== 'text') return `takes ${theType(field)} there, no text`;
  if (field.oneOf) return oneOf(field);
  return field.max !== undefined && Number(max) > field.max ? `takes at most ${field.max} characters there` : null;
}

function choiceFault(kind: string, { values }: Rule, field: VendorField): string | null {
  const usual = kind === 'flag' ? [true, false] : [];
  const theirs: readonly unknown[] = Array.isArray(values)
    ? values
    : values === undefined
      ? usual
      : Object.values(values as object);
  const isTaken = (value: unknown) => {
    if (field.oneOf) return field.oneOf.includes(value as string | number);
    if (typeof value === 'boolean') return field.type === 'flag';
    if (typeof value === 'number') return isNumberTaken(value, field);
    return field.type === 'text';
  };
  const refused = theirs.filter((value) => !isTaken(value));
  if (refused.length === 0) return null;
  const rule = field.oneOf ? oneOf(field) : `takes ${theType(field)} there`;
  return `${rule}, not ${refused.map((value) => JSON.stringify(value)).join(', ')}`;
}

function isNumberTaken(value: number, { type, min, max }: VendorField): boolean {
  const isInRange = value >= (min ?? Number.NEGATIVE_INFINITY) && value <= (max ?? Number.POSITIVE_INFINITY);
  return (type === 'number' || (type === 'whole' && Number.isInteger(value))) && isInRange;
}

function imageFault({ list, most }: Rule, field: VendorField): string | null {
  const isList = list === true;
  // Published schemas call an image a text, and a list of them a list.
  const taken = isList ? ['images', 'list'] : ['image', 'text'];
  if (!taken.includes(field.type) || field.oneOf || field.fields) return `takes ${theType(field)} there`;
  const sent = Number(most ?? (isList ? usually.images : 1));
  return field.max !== undefined && sent > field.max ? `takes at most ${field.max} images there` : null;
}

function lorasFault(rule: Rule, field: VendorField): string | null {
  const { model, scale, min, max } = { ...usually.lora, ...rule };
  if (field.type !== 'list') return `takes ${theType(field)} there, no list`;
  const named = field.fields ?? {};
  const unknown = [model, scale].filter((name) => !Object.hasOwn(named, String(name)));
  if (unknown.length > 0) return `has no ${unknown.map((name) => `"${name}"`).join(', ')} in its list there`;
  const weight = named[String(scale)];
  return weight === undefined ? null : numberFault('number', { min, max }, weight);
}

/** What is always sent must be taken, too. */
export function fixedFaults(fixed: Rule, schema: VendorSchema, before = ''): readonly string[] {
  return Object.entries(fixed).flatMap(([name, value]) => {
    const path = before + name;
    const field = fieldAt(schema, path);
    if (field === null) return [`fixed.${path} is not a field of ${schema.id}`];
    if (field.type === 'object' && typeof value === 'object' && value !== null) {
      return fixedFaults(value as Rule, schema, `${path}.`);
    }
    const isTaken = field.oneOf === undefined || field.oneOf.includes(value as string | number);
    return isTaken ? [] : [`fixed.${path} is ${JSON.stringify(value)}, and ${schema.id} ${oneOf(field)}`];
  });
}

const round = (value: number) => Number(value.toPrecision(12));
const oneOf = ({ oneOf: words = [] }: VendorField) => `takes only ${words.join(', ')} there`;

function theType({ type }: VendorField): string {
  const names = {
    text: 'text',
    whole: 'a whole number',
    number: 'a number',
    flag: 'true or false',
    image: 'one image',
    images: 'a list of images',
    list: 'a list',
    object: 'an object',
    any: 'anything',
  };
  return names[type];
}
