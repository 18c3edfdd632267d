import { jsonText } from '@/lib/kernel/json-text';
import { Refusal } from '@/lib/kernel/refusal';
import type { Tx } from '@/lib/postgres/sql';
import {
  archiveSplit,
  putArm,
  putModel,
  putProvider,
  putSplit,
  removeArm,
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
  if (row.of === 'provider') await putProvider(tx, { name: first, ...row.values }, write);
  else if (row.of === 'model') await putModel(tx, { alias: first, provider: second, ...row.values }, write);
  else if (row.of === 'split') await writeSplit(tx, first, row.values, applying);
  else if (row.of === 'arm') await putArm(tx, first, { name: second, ...row.values }, write);
  else if (row.of === 'caller') await putCaller(tx, first, row.values, applying);
  else if (row.of === 'channel') await putChannel(tx, row, applying);
}

/** What the file does not name. */
export async function removeRow(tx: Tx, row: Row, applying: Applying): Promise<void> {
  const [first = '', second = ''] = row.id;
  const write = { actor: applying.actor, reason: applying.reason };
  if (row.of === 'provider') await removeProvider(tx, first, write);
  else if (row.of === 'model') await removeModel(tx, first, second, write);
  else if (row.of === 'split') await archiveSplit(tx, first, write);
  else if (row.of === 'arm') await removeArm(tx, first, second, write);
  else if (row.of === 'caller') {
    await sayWho(tx, applying);
    await tx`delete from sluice.callers c where c.name = ${first}`;
  } else if (row.of === 'channel') {
    const stored = applying.state.channels.find(({ urlReference }) => urlReference === first);
    await sayWho(tx, applying);
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

/** Its keys are never in the file: `sluice callers` gives and revokes them. */
async function putCaller(tx: Tx, name: string, values: RowOf<'caller'>['values'], applying: Applying): Promise<void> {
  const { scopes, prefixes, ratePerMinute, quota } = values;
  await sayWho(tx, applying);
  const lists = tx`array(select jsonb_array_elements_text(${jsonText(scopes)}::text::jsonb)),
    array(select jsonb_array_elements_text(${jsonText(prefixes)}::text::jsonb))`;
  await tx`
    insert into sluice.callers as c (name, scopes, prefixes, rate_per_minute, quota, created_by)
    values (${name}, ${lists}, ${ratePerMinute}, ${jsonText(quota)}::text::jsonb, ${applying.actor})
    on conflict (name) do update set scopes = excluded.scopes, prefixes = excluded.prefixes,
      rate_per_minute = excluded.rate_per_minute, quota = excluded.quota`;
}

async function putChannel(tx: Tx, row: RowOf<'channel'>, applying: Applying): Promise<void> {
  const { kind, url, secret } = row.values;
  const { environment, actor } = applying;
  const stored = storedAs(row, applying.state, environment);
  const address = heldBy(url, environment) ?? stored?.url;
  const signing = secret === null ? null : (heldBy(secret, environment) ?? stored?.secret);
  if (address === undefined) throw unset(url);
  if (signing === undefined) throw unset(secret ?? '');
  await sayWho(tx, applying);
  const names = [referenceIn(url), secret === null ? null : referenceIn(secret)] as const;
  if (stored !== undefined && stored.kind === kind && stored.url === address && stored.secret === signing) {
    await tx`
      update sluice.alert_channels c set url_from = ${names[0]}, secret_from = ${names[1]} where c.id = ${stored.id}`;
    return;
  }
  // At another address it is another channel: no role may turn one that is there to where it likes.
  if (stored !== undefined) await tx`delete from sluice.alert_channels c where c.id = ${stored.id}`;
  await tx`
    insert into sluice.alert_channels (kind, url, secret, url_from, secret_from, created_by)
    values (${kind}, ${address}, ${signing}, ${names[0]}, ${names[1]}, ${actor})`;
}

export const unset = (reference: string): Refusal =>
  new Refusal(
    'channel-invalid',
    `The channel ${reference} needs that variable, and it is not set here; set it for this command.`,
  );

async function sayWho(tx: Tx, { actor, reason }: Applying): Promise<void> {
  await tx`select set_config('sluice.actor', ${actor}, true), set_config('sluice.reason', ${reason}, true)`;
}
