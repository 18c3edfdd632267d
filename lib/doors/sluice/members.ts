import { judged, shown } from '@/lib/http/body/read-fields';

/** Any half of a pair, lone or not: a quick look for what most texts have none of. */
const surrogate = /[\ud800-\udfff]/;

/** Why a text cannot be passed on to a provider or stored; null when it can. */
export function textFault(value: unknown, longest: number): string | null {
  if (typeof value !== 'string') return `is ${shown(value)}; it must be text`;
  if (value.trim() === '') return `is ${value === '' ? 'empty' : 'blank'}; it must say something`;
  if (value.length > longest) return `is ${value.length} characters long; it must be at most ${longest}`;
  if (value.includes('\0')) return 'contains a NUL character';
  if (surrogate.test(value) && /\p{Surrogate}/u.test(value)) return 'contains half a character (a lone surrogate)';
  return null;
}

export const text = (longest: number) =>
  judged<string>((value) => textFault(value, longest), { type: 'string', minLength: 1, maxLength: longest });

export interface Range {
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

export function isIn({ least, most, step }: Range, value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most && Number(value) % step === 0;
}

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
