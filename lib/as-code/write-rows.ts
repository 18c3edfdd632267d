import { actingAs } from '@/lib/access/acting-as';
import { Refusal } from '@/lib/kernel/refusal';
import type { Tx } from '@/lib/postgres/sql';
import { putCaller, removeCaller } from '@/lib/registry/callers/caller-store';
import {
  archiveSplit,
  putArm,
  putDialect,
  putModel,
  putProvider,
  putSplit,
  removeArm,
  removeDialect,
  removeModel,
  removeProvider,
  unarchiveSplit,
} from '@/lib/registry/write-registry';
import type { Applying } from './applying';
import { heldBy, storedAs } from './channels';
import { referenceIn } from './file/looks-secret';
import type { Row, RowOf, SplitValues } from './rows';

/** One row as the file has it, written as the applying says. */
export async function writeRow(tx: Tx, row: Row, applying: Applying): Promise<void> {
  const [first = '', second = ''] = row.id;
  const write = { actor: applying.actor, reason: applying.reason };
  if (row.of === 'dialect') await putDialect(tx, { name: first, ...row.values }, write);
  else if (row.of === 'provider') await putProvider(tx, { name: first, ...row.values }, write);
  else if (row.of === 'model') await putModel(tx, { alias: first, provider: second, ...row.values }, write);
  else if (row.of === 'split') await writeSplit(tx, first, row.values, applying);
  else if (row.of === 'arm') await putArm(tx, first, { name: second, ...row.values }, write);
  else if (row.of === 'caller') await putCaller(tx, { name: first, ...row.values }, write);
  else if (row.of === 'channel') await putChannel(tx, row, applying);
}

/** What the file does not name. */
export async function removeRow(tx: Tx, row: Row, applying: Applying): Promise<void> {
  const [first = '', second = ''] = row.id;
  const write = { actor: applying.actor, reason: applying.reason };
  if (row.of === 'dialect') await removeDialect(tx, first, write);
  else if (row.of === 'provider') await removeProvider(tx, first, write);
  else if (row.of === 'model') await removeModel(tx, first, second, write);
  else if (row.of === 'split') await archiveSplit(tx, first, write);
  else if (row.of === 'arm') await removeArm(tx, first, second, write);
  else if (row.of === 'caller') await removeCaller(tx, first, write);
  else if (row.of === 'channel') {
    const stored = applying.state.channels.find(({ urlReference }) => urlReference === first);
    await actingAs(tx, applying.actor, applying.reason);
    await tx`delete from sluice.outbox o where o.channel_id = ${stored?.id ?? 0} and o.delivered_at is null`;
    await tx`delete from sluice.alert_channels c where c.id = ${stored?.id ?? 0}`;
  }
}

async function writeSplit(tx: Tx, key: string, values: SplitValues, applying: Applying): Promise<void> {
  const { actor, reason, state } = applying;
  const { archived, ...fields } = values;
  const write = { actor, reason };
  const wasArchived = state.archived.has(key);
  if (wasArchived && !archived) await unarchiveSplit(tx, key, write);
  await putSplit(tx, { key, ...fields }, write);
  if (archived && !wasArchived) await archiveSplit(tx, key, write);
}

/** A name may pass from one channel to another, or both change theirs: what is given up goes before what is taken. */
export async function freeNames(tx: Tx, { changes, state, environment, actor, reason }: Applying): Promise<void> {
  const channels = changes.flatMap(({ kind, row }) => (row.of === 'channel' ? [{ kind, row }] : []));
  const taken = channels.flatMap(({ kind, row }) => (kind === 'remove' ? [] : [nameOf(row.values)]));
  const freed = channels.flatMap(({ kind, row }) => {
    const stored = storedAs(row, state, environment);
    const isKept = kind !== 'remove' && nameOf(row.values) === nameOf(stored);
    return stored !== undefined && stored.name !== null && !isKept && taken.includes(nameOf(stored)) ? [stored.id] : [];
  });
  if (freed.length === 0) return;
  await actingAs(tx, actor, reason);
  await tx`update sluice.alert_channels c set name = null where c.id = any (${freed}::bigint[])`;
}

const nameOf = (channel: { readonly name?: string | null | undefined } | undefined) => channel?.name?.toLowerCase();

async function putChannel(tx: Tx, row: RowOf<'channel'>, applying: Applying): Promise<void> {
  const { kind, url, secret } = row.values;
  const { environment, actor } = applying;
  const stored = storedAs(row, applying.state, environment);
  const address = heldBy(url, environment) ?? stored?.url;
  const signing = secret === null ? null : (heldBy(secret, environment) ?? stored?.secret);
  if (address === undefined) throw unset(url);
  if (signing === undefined) throw unset(secret ?? '');
  await actingAs(tx, applying.actor, applying.reason);
  const { name = null, alerts = null } = row.values;
  const [twin] = await tx<{ id: number }[]>`
    select c.id::float8 as id from sluice.alert_channels c where lower(c.name) = lower(${name}) and c.id <> ${stored?.id ?? 0}`;
  if (twin !== undefined) throw taken(url, name ?? '', twin.id);
  const told = alerts === null ? null : [...alerts];
  const names = [referenceIn(url), secret === null ? null : referenceIn(secret)] as const;
  if (stored !== undefined && stored.kind === kind && stored.url === address && stored.secret === signing) {
    await tx`
      update sluice.alert_channels c set url_from = ${names[0]}, secret_from = ${names[1]}, name = ${name}, alerts = ${told}
      where c.id = ${stored.id}`;
    return;
  }
  // At another address it is another channel: no role may turn one that is there to where it likes.
  if (stored !== undefined) await tx`delete from sluice.alert_channels c where c.id = ${stored.id}`;
  await tx`
    insert into sluice.alert_channels (kind, url, secret, url_from, secret_from, name, alerts, created_by)
    values (${kind}, ${address}, ${signing}, ${names[0]}, ${names[1]}, ${name}, ${told}, ${actor})`;
}

const taken = (reference: string, name: string, id: number): Refusal =>
  new Refusal(
    'channel-invalid',
    `The channel ${reference} was not written: channel ${id} is called "${name}" already.`,
  );

const unset = (reference: string): Refusal =>
  new Refusal(
    'channel-invalid',
    `The channel ${reference} needs that variable, and it is not set here; set it for this command.`,
  );
