import type { VendorField, VendorFields, VendorSchema } from '@/lib/registry/vendor-schema';

type Json = Readonly<Record<string, unknown>>;

/** A model's input as JSON Schema, the way both vendors publish it. */
export function jsonSchemaOf(fields: VendorFields, order?: string): Json {
  const required = Object.keys(fields).filter((name) => fields[name]?.required);
  const properties = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, propertyOf(field)]));
  return {
    type: 'object',
    properties,
    ...(required.length > 0 ? { required } : {}),
    ...(order === undefined ? {} : { [order]: Object.keys(fields) }),
  };
}

/** As `schemas.runware.ai/resolve/<AIR>` has it, which leaves nothing unknown through. */
export function runwareSchemaOf({ fields, sizes }: VendorSchema): Json {
  const pairs = sizes?.map((size) => size.split('x').map(Number));
  const together = pairs?.map(([width, height]) => ({
    properties: { width: { const: width }, height: { const: height } },
  }));
  return { ...jsonSchemaOf(fields), additionalProperties: false, ...(together ? { anyOf: together } : {}) };
}

function propertyOf(field: VendorField): Json {
  const { type, min, max, step, oneOf, fields } = field;
  switch (type) {
    case 'object': {
      const object = fields ? jsonSchemaOf(fields) : { type: 'object' };
      return oneOf ? { anyOf: [object, { type: 'string', enum: oneOf }] } : object;
    }
    case 'images':
      return { type: 'array', items: { type: 'string' }, ...bounds('Items', min, max) };
    case 'list':
      return { type: 'array', items: fields ? jsonSchemaOf(fields) : {}, ...bounds('Items', min, max) };
    case 'text':
    case 'image':
      return { type: 'string', ...(oneOf ? { enum: oneOf } : {}), ...bounds('Length', min, max) };
    case 'flag':
      return { type: 'boolean' };
    case 'any':
      return {};
    default: {
      const named = type === 'whole' ? 'integer' : 'number';
      const range = { ...(min === undefined ? {} : { minimum: min }), ...(max === undefined ? {} : { maximum: max }) };
      return { type: named, ...(oneOf ? { enum: oneOf } : {}), ...range, ...(step ? { multipleOf: step } : {}) };
    }
  }
}

function bounds(of: 'Items' | 'Length', min: number | undefined, max: number | undefined): Json {
  return { ...(min === undefined ? {} : { [`min${of}`]: min }), ...(max === undefined ? {} : { [`max${of}`]: max }) };
}
