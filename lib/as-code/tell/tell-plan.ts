import { excerpt } from '@/lib/kernel/excerpt';
import type { Change, FieldChange } from '../change';
import type { Plan } from '../plan';
import type { PolicyReplay } from '../replay-policies';
import { nameOf, type Row } from '../rows';

/** A plan with what was found out about it. */
export interface ToldPlan {
  readonly plan: Plan;
  readonly replays: readonly PolicyReplay[];
  /** What changed policies would do to rollouts under way. */
  readonly warnings: readonly string[];
  /** What the database said when it was tried, in a sentence; null: it would take it. */
  readonly refused: string | null;
}

/** A text of a cell or a line: of one line, and short. */
export function valueText(value: unknown): string {
  if (value === undefined) return '';
  return excerpt(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Slugs as they are and as they will be. */
export function slugsOf({ state, changes }: Plan): ReadonlyMap<string, string> {
  const slugs = new Map(state.slugs);
  for (const { row } of changes) if (row.of === 'split') slugs.set(row.id[0] ?? '', row.values.slug);
  return slugs;
}

/** What says nothing where a row is new. */
export function fieldsToShow({ kind, fields }: Change): readonly FieldChange[] {
  const isSilent = (value: unknown) =>
    value === null || value === false || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
  return kind === 'add' ? fields.filter(({ becomes }) => !isSilent(becomes)) : fields;
}

const signs = { add: '+', change: '~', remove: '-' } as const;

export function planLines({ plan, replays, warnings, refused }: ToldPlan): string[] {
  const slugs = slugsOf(plan);
  return [
    ...plan.changes.flatMap((change) => changeLines(change, nameOf(change.row, slugs))),
    ...replays.map((replay) => replayLine(replay, slugs)),
    ...warnings,
    ...plan.unset.map((name) => `${name} is not set here; an apply needs it.`),
    ...(refused === null ? [] : [`The database would refuse it: ${refused}`]),
    ...unlistedLines(plan, slugs),
    summaryOf(plan),
  ];
}

function changeLines(change: Change, name: string): string[] {
  const word = change.kind === 'remove' && change.row.of === 'split' ? ' (it is archived)' : '';
  return [
    `${signs[change.kind]} ${name}${word}`,
    ...fieldsToShow(change).map(({ field, was, becomes }) =>
      change.kind === 'add'
        ? `    ${field}: ${valueText(becomes)}`
        : `    ${field}: ${valueText(was) || 'nothing'} → ${valueText(becomes) || 'nothing'}`,
    ),
  ];
}

export function summaryOf({ changes, file, state }: Plan): string {
  if (changes.length === 0) return `Nothing to do: the database says what ${file} says.`;
  const count = (kind: Change['kind']) => changes.filter((change) => change.kind === kind).length;
  return `${count('add')} to add, ${count('change')} to change, ${count('remove')} to remove. Seen: ${state.seen}`;
}

export function unlistedLines({ unlisted, wanted }: Plan, slugs: ReadonlyMap<string, string>): string[] {
  if (unlisted.length === 0 || wanted.prune) return [];
  const names = unlisted.map((row: Row) => nameOf(row, slugs));
  const more = names.length > 8 ? ` and ${names.length - 8} more` : '';
  return [
    `Left alone, because the file does not name it: ${names.slice(0, 8).join(', ')}${more}. With --prune it would go.`,
  ];
}

function replayLine(replay: PolicyReplay, slugs: ReadonlyMap<string, string>): string {
  const { days, requests, isShortened, was, becomes } = replay;
  const what = `policy of ${slugs.get(replay.split) ?? replay.split}`;
  const span = days >= 1 ? `${Number(days.toFixed(1))} days` : `${Number((days * 24).toFixed(1))} hours`;
  if (requests === 0) return `${what}: no traffic in the last ${span} that it could be tried on.`;
  if (becomes === null) return `${what}: not tried, ${requests} requests in ${span} are too many; use sluice replay.`;
  const short = isShortened ? ' (more would take too long)' : '';
  const now = was === null ? '' : `; the one that judges now: ${outcomeText(was)}`;
  return `${what}: over the last ${span}${short}, ${requests} requests: ${outcomeText(becomes)}${now}.`;
}

export function outcomeText({ rollback_at: at, red_line: line }: NonNullable<PolicyReplay['becomes']>): string {
  return at === null ? 'no rollback' : `a rollback at ${at} by ${line}`;
}

/** The plan for machines. */
export function planObject({ plan, replays, warnings, refused }: ToldPlan): object {
  const slugs = slugsOf(plan);
  return {
    ...{ file: plan.file, sha256: plan.sha256, seen: plan.state.seen },
    changes: plan.changes.map((change) => ({
      ...{ change: change.kind, of: change.row.of, id: change.row.id, name: nameOf(change.row, slugs) },
      fields: change.fields.map(({ field, was = null, becomes = null }) => ({ field, was, becomes })),
    })),
    unlisted: plan.unlisted.map((row) => ({ of: row.of, id: row.id, name: nameOf(row, slugs) })),
    ...{ replays, warnings, unset: plan.unset, refused },
  };
}
