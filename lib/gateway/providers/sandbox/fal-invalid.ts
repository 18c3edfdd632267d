import type { VendorField } from '@/lib/registry/vendor-schema';
import type { Wrong } from './judge';
import type { Reply } from './vendor';

interface Detail {
  readonly loc: readonly string[];
  readonly msg: string;
  readonly type: string;
}

export function invalid(...detail: readonly Detail[]): Reply {
  return { status: 422, body: { detail } };
}

/** FAL's models are validated by pydantic, whose words these are; it lets unknown fields be. */
export function refusedBy(wrong: readonly Wrong[]): Reply | null {
  const known = wrong.filter(({ is }) => is !== 'unknown');
  if (known.length === 0) return null;
  return invalid(...known.map(({ path, is, field }) => ({ loc: ['body', ...path], ...wordsOf(is, field) })));
}

function wordsOf(is: Wrong['is'], field: VendorField): Pick<Detail, 'msg' | 'type'> {
  const isLong = field.type === 'images' || field.type === 'list' || field.type === 'text';
  switch (is) {
    case 'missing':
      return { msg: 'Field required', type: 'missing' };
    case 'no_choice':
      return { msg: `Input should be ${listed(field.oneOf ?? [])}`, type: 'literal_error' };
    case 'below':
      return isLong
        ? { msg: `Value should have at least ${field.min} items`, type: 'too_short' }
        : { msg: `Input should be greater than or equal to ${field.min}`, type: 'greater_than_equal' };
    case 'above':
      return isLong
        ? { msg: `Value should have at most ${field.max} items`, type: 'too_long' }
        : { msg: `Input should be less than or equal to ${field.max}`, type: 'less_than_equal' };
    case 'uneven':
      return { msg: `Input should be a multiple of ${field.step}`, type: 'multiple_of' };
    default:
      return typeWords[field.type];
  }
}

const typeWords = {
  text: { msg: 'Input should be a valid string', type: 'string_type' },
  image: { msg: 'Input should be a valid string', type: 'string_type' },
  whole: { msg: 'Input should be a valid integer', type: 'int_type' },
  number: { msg: 'Input should be a valid number', type: 'float_type' },
  flag: { msg: 'Input should be a valid boolean', type: 'bool_type' },
  images: { msg: 'Input should be a valid list', type: 'list_type' },
  list: { msg: 'Input should be a valid list', type: 'list_type' },
  object: { msg: 'Input should be a valid dictionary', type: 'dict_type' },
  any: { msg: 'Input should be valid', type: 'value_error' },
} as const;

function listed(words: readonly (string | number)[]): string {
  const quoted = words.map((word) => `'${word}'`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}
