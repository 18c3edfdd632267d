import { isObject } from '@/lib/kernel/json-text';
import type { VendorField, VendorFields, VendorSchema } from './vendor-schema';

type Json = Readonly<Record<string, unknown>>;

/** A model's input out of the document that FAL has of its endpoint; null when it is no such document. */
export function readFalSchema(id: string, document: unknown, source: string): VendorSchema | null {
  const root = objectOf(document);
  const post = objectOf(objectOf(objectOf(root.paths)[`/${id}`]).post);
  const content = objectOf(objectOf(post.requestBody).content);
  const input = resolved(objectOf(objectOf(content['application/json']).schema), root);
  if (Object.keys(objectOf(input.properties)).length === 0) return null;
  const answers = objectOf(objectOf(root.components).schemas);
  const output = Object.entries(answers).find(([name]) => name.endsWith('Output'))?.[1];
  const results = objectOf(objectOf(output).properties);
  const one = results.images === undefined && (['video', 'image'] as const).find((name) => results[name] !== undefined);
  return { id, source, fields: fieldsOf(input, root), ...(one ? { answers: one } : {}) };
}

/** A model's input out of what `schemas.runware.ai/resolve/<AIR>` answers; null when it is no such answer. */
export function readRunwareSchema(id: string, document: unknown, source: string): VendorSchema | null {
  const request = objectOf(objectOf(document).requestSchema);
  if (Object.keys(objectOf(request.properties)).length === 0) return null;
  const sizes = listOf(request.anyOf).flatMap((choice) => {
    const { width, height } = objectOf(objectOf(choice).properties);
    const [across, down] = [objectOf(width).const, objectOf(height).const];
    return typeof across === 'number' && typeof down === 'number' ? [`${across}x${down}`] : [];
  });
  return { id, source, fields: fieldsOf(request, request), ...(sizes.length > 0 ? { sizes } : {}) };
}

function fieldsOf(schema: Json, root: Json): VendorFields {
  const required = new Set(listOf(schema.required));
  const read = Object.entries(objectOf(schema.properties)).map(([name, property]): [string, VendorField] => {
    const field = fieldOf(resolved(objectOf(property), root), root);
    return [name, required.has(name) ? { ...field, required: true } : field];
  });
  return Object.fromEntries(read);
}

/** Of a choice between an object and words both are kept, of any other choice what is not null. */
function fieldOf(schema: Json, root: Json): VendorField {
  const choices = listOf(schema.anyOf ?? schema.oneOf).map((choice) => resolved(objectOf(choice), root));
  if (choices.length > 0 && schema.type === undefined) return chosen(choices, root);
  const words = schema.const === undefined ? listOf(schema.enum) : [schema.const];
  const oneOf = words.length > 0 ? { oneOf: words as readonly (string | number)[] } : {};
  switch (schema.type) {
    case 'string':
      return { type: 'text', ...range(schema.minLength, schema.maxLength), ...oneOf };
    case 'integer':
    case 'number': {
      const step = typeof schema.multipleOf === 'number' ? { step: schema.multipleOf } : {};
      const type = schema.type === 'integer' ? 'whole' : 'number';
      return { type, ...range(schema.minimum ?? schema.exclusiveMinimum, schema.maximum), ...step, ...oneOf };
    }
    case 'boolean':
      return { type: 'flag' };
    case 'array': {
      const items = resolved(objectOf(schema.items), root);
      const most = range(schema.minItems, schema.maxItems);
      if (items.type === 'string') return { type: 'images', ...most };
      return { type: 'list', ...most, ...(items.properties ? { fields: fieldsOf(items, root) } : {}) };
    }
    case 'object':
      return schema.properties ? { type: 'object', fields: fieldsOf(schema, root) } : { type: 'any' };
    default:
      return { type: 'any' };
  }
}

function chosen(choices: readonly Json[], root: Json): VendorField {
  const fields = choices.filter(({ type }) => type !== 'null').map((choice) => fieldOf(choice, root));
  const object = fields.find(({ type }) => type === 'object');
  if (!object) return fields[0] ?? { type: 'any' };
  const words = fields.flatMap(({ oneOf }) => oneOf ?? []);
  return words.length > 0 ? { ...object, oneOf: words } : object;
}

function range(min: unknown, max: unknown): { readonly min?: number; readonly max?: number } {
  return { ...(typeof min === 'number' ? { min } : {}), ...(typeof max === 'number' ? { max } : {}) };
}

/** What `#/components/schemas/Name` stands for, as often as it stands for another; a vendor's circle ends at ten. */
function resolved(schema: Json, root: Json, depth = 10): Json {
  const { $ref, allOf } = schema;
  if (depth === 0) return {};
  if (typeof $ref === 'string' && $ref.startsWith('#/')) {
    const found = $ref
      .slice(2)
      .split('/')
      .reduce<unknown>((at, part) => objectOf(at)[part], root);
    return resolved(objectOf(found), root, depth - 1);
  }
  const all = listOf(allOf);
  return all.length === 1 ? resolved({ ...schema, ...objectOf(all[0]), allOf: undefined }, root, depth - 1) : schema;
}

const objectOf = (value: unknown): Json => (isObject(value) ? value : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
