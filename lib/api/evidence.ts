import type { LineVerdict } from '@/lib/rule/verdict';

/** What the journal's evidence can hold, as far as we know how to show it. */
interface ReadEvidence {
  /** The line that decided. */
  readonly decisive: LineVerdict | null;
  readonly lines: readonly LineVerdict[];
  readonly errors: readonly { readonly kind: string; readonly count: number; readonly example: string | null }[];
  readonly blockers: readonly string[];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export function isLine(value: unknown): value is LineVerdict {
  return isObject(value) && typeof value.metric === 'string' && typeof value.verdict === 'string';
}

/** Rows are written by several versions of the system and by hand: what is missing is left out, nothing throws. */
export function readEvidence(evidence: unknown): ReadEvidence {
  const from = isObject(evidence) ? evidence : {};
  const lines = listOf(from.lines).filter(isLine);
  const named = isLine(from.line) ? from.line : null;
  return {
    decisive: named ?? lines.find((line) => line.acts) ?? null,
    lines,
    errors: listOf(from.errors ?? from.top_errors ?? from.failures)
      .filter(isObject)
      .map((error) => ({
        kind: textOf(error.kind) ?? '?',
        count: Number(error.count ?? 0),
        example: textOf(error.example) ?? textOf(error.error),
      })),
    blockers: listOf(from.blockers)
      .filter(isObject)
      .flatMap((blocker) => textOf(blocker.detail) ?? []),
  };
}
