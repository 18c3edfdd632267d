import { judged, shown } from '@/lib/http/body/read-fields';
import { isIn, type Range, textFault } from './plain-request';

export const text = (longest: number) =>
  judged<string>((value) => textFault(value, longest), { type: 'string', minLength: 1, maxLength: longest });

export function integer(range: Range) {
  const { least, most, step } = range;
  const rule = `an integer from ${least} to ${most}${step > 1 ? `, a multiple of ${step}` : ''}`;
  return judged<number>((value) => (isIn(range, value) ? null : `is ${shown(value)}; it must be ${rule}`), {
    ...{ type: 'integer', minimum: least, maximum: most, multipleOf: step },
  });
}

export function number({ least, most }: Pick<Range, 'least' | 'most'>) {
  const isOne = (value: unknown) => typeof value === 'number' && value >= least && value <= most;
  return judged<number>(
    (value) => (isOne(value) ? null : `is ${shown(value)}; it must be a number from ${least} to ${most}`),
    {
      ...{ type: 'number', minimum: least, maximum: most },
    },
  );
}
