import type { Change, Environment, FieldChange } from './change';
import { referenceIn } from './file/looks-secret';
import type { StoredChannel, StoredState } from './read-state';
import type { RowOf } from './rows';

type ChannelRow = RowOf<'channel'>;

/** A channel is known by the variable it was named with, else by the address that the variable holds. */
export function storedAs(
  { values }: ChannelRow,
  { channels }: StoredState,
  environment: Environment,
): StoredChannel | undefined {
  const url = heldBy(values.url, environment);
  return (
    channels.find(({ urlReference }) => urlReference === values.url) ??
    channels.find((each) => !each.isNamed && each.kind === values.kind && each.url === url)
  );
}

/** What a variable of the environment holds; undefined where it is not set or empty. */
export function heldBy(reference: string | null, environment: Environment): string | undefined {
  const name = reference === null ? null : referenceIn(reference);
  const held = name === null ? undefined : environment(name);
  return held === '' ? undefined : held;
}

const hidden = '(not shown)';

/** What differs and is never shown. A variable that is not set here says nothing: what is stored stays. */
export function hiddenChanges({ values }: ChannelRow, stored: StoredChannel, environment: Environment): FieldChange[] {
  const [url, secret] = [heldBy(values.url, environment), heldBy(values.secret, environment)];
  const changed = (field: string): FieldChange => ({ field, was: hidden, becomes: '(not shown, another)' });
  return [
    ...(url !== undefined && url !== stored.url ? [changed('address')] : []),
    ...(secret !== undefined && stored.secret !== null && secret !== stored.secret ? [changed('signing')] : []),
  ];
}

/** Variables that an apply needs and that are not set here. */
export function unsetVariables(changes: readonly Change[], state: StoredState, environment: Environment): string[] {
  return changes.flatMap(({ kind, row }) => {
    if (row.of !== 'channel' || kind === 'remove') return [];
    const stored = storedAs(row, state, environment);
    const { url, secret } = row.values;
    return [
      ...(stored === undefined && heldBy(url, environment) === undefined ? [url] : []),
      ...(secret !== null && (stored?.secret ?? null) === null && heldBy(secret, environment) === undefined
        ? [secret]
        : []),
    ];
  });
}
