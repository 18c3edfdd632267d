import type { VendorField, VendorFields, VendorSchema } from '@/lib/registry/vendor-schema';

type Body = Readonly<Record<string, unknown>>;

/** One thing in a request that its model does not take. */
export interface Wrong {
  readonly path: readonly string[];
  readonly is: 'unknown' | 'missing' | 'wrong_type' | 'below' | 'above' | 'uneven' | 'no_choice';
  readonly field: VendorField;
}

/** Everything that is wrong with a model's input, in the order of its schema; what it does not know comes last. */
export function judge({ fields, sizes }: VendorSchema, body: Body): readonly Wrong[] {
  const wrong = inObject(fields, body, []);
  if (wrong.length > 0 || sizes === undefined || body.width === undefined) return wrong;
  const width = fields.width ?? { type: 'whole' };
  return sizes.includes(`${body.width}x${body.height}`) ? [] : [{ path: ['width'], is: 'no_choice', field: width }];
}

function inObject(fields: VendorFields, body: Body, before: readonly string[]): readonly Wrong[] {
  const known = Object.entries(fields).flatMap(([name, field]) => inField(field, body[name], [...before, name]));
  const unknown = Object.keys(body).filter((name) => !Object.hasOwn(fields, name));
  return [
    ...known,
    ...unknown.map((name): Wrong => ({ path: [...before, name], is: 'unknown', field: { type: 'any' } })),
  ];
}

function inField(field: VendorField, value: unknown, path: readonly string[]): readonly Wrong[] {
  const says = (is: Wrong['is']) => [{ path, is, field }];
  if (value === undefined || value === null) return field.required ? says('missing') : [];
  if (field.type === 'object' && typeof value === 'string')
    return field.oneOf?.includes(value) ? [] : says('no_choice');
  if (!isOf(field, value)) return says('wrong_type');
  if (field.type === 'object') return field.fields ? inObject(field.fields, value as Body, path) : [];
  if (field.oneOf) return field.oneOf.includes(value as string) ? [] : says('no_choice');
  const is = outOfRange(field, typeof value === 'number' ? value : lengthOf(value));
  if (is !== null) return says(is);
  if (field.type !== 'list' || !field.fields) return [];
  const inside = field.fields;
  return (value as readonly unknown[]).flatMap((entry, at) =>
    typeof entry === 'object' && entry !== null
      ? inObject(inside, entry as Body, [...path, String(at)])
      : [{ path: [...path, String(at)], is: 'wrong_type' as const, field: { type: 'object' as const } }],
  );
}

function isOf({ type }: VendorField, value: unknown): boolean {
  switch (type) {
    case 'text':
    case 'image':
      return typeof value === 'string';
    case 'whole':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'flag':
      return typeof value === 'boolean';
    case 'images':
      return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
    case 'list':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && !Array.isArray(value);
    default:
      return true;
  }
}

/** The least length of a text is let be: Runware writes of two characters, and callers try with one. */
function outOfRange(field: VendorField, value: number | null): 'below' | 'above' | 'uneven' | null {
  if (value === null) return null;
  const { max, step } = field;
  const min = field.type === 'text' ? undefined : field.min;
  if (min !== undefined && value < min) return 'below';
  if (max !== undefined && value > max) return 'above';
  return step !== undefined && value % step !== 0 ? 'uneven' : null;
}

function lengthOf(value: unknown): number | null {
  return typeof value === 'string' || Array.isArray(value) ? value.length : null;
}
