import {
  addAlertChannel,
  changeAlertChannel,
  removeAlertChannel,
  shownChannels,
  shownDeliveries,
  type WantedChange,
} from '@/lib/notify/alert-channels';
import type { Access } from '@/lib/process/build-access';
import { type Command, type Invocation, textOption, UsageError } from '../../command';
import { withAccess } from '../../open-access';
import { tableLines } from '../../texts/table-lines';

type Verb = (call: Invocation, access: Access) => Promise<number | undefined>;

const add: Verb = async (call, { channels }) => {
  const [, kind, url] = call.positionals;
  if (kind === undefined || url === undefined) throw usage();
  call.nameDatabase();
  const secret = textOption(call.values, 'secret');
  const id = await addAlertChannel(channels, { kind, url, secret, ...wantedOf(call) }, call.actor);
  call.answer({ id }, [`Channel ${id} is added. Try it: npm run sluice -- alerts test ${id}`]);
  return undefined;
};

/** `--only rolled_back,blind`; `all` or nothing: every alert. */
function wantedOf({ values }: Invocation): WantedChange {
  const only = textOption(values, 'only');
  return {
    name: textOption(values, 'name'),
    alerts: only === null || only === 'all' ? null : only.split(',').map((kind) => kind.trim()),
  };
}

/** Options that are left out stay as they are. */
const set: Verb = async (call, { channels }) => {
  const id = idOf(call);
  const wanted = wantedOf(call);
  const now = await channels.channels.get(id);
  const change = {
    name: wanted.name ?? now?.name ?? null,
    alerts: textOption(call.values, 'only') === null ? (now?.alerts ?? null) : wanted.alerts,
  };
  await call.confirm(`Change channel ${id}?`);
  await changeAlertChannel(channels, id, change, call.actor);
  call.answer({ id, ...change }, [`Channel ${id} is changed.`]);
  return undefined;
};

const list: Verb = async (call, access) => {
  const channels = await shownChannels(access.channels);
  const { waiting, dead } = (await access.outbox.depth()).alerts;
  const rows = channels.map((one) => [
    ...[String(one.id), one.name ?? '', one.kind, one.host, one.signed ? 'signed' : ''],
    ...[one.alerts?.join(', ') ?? 'all', one.delivered_at ?? 'never', one.last_error ?? ''],
  ]);
  const heads = ['id', 'name', 'kind', 'host', '', 'alerts', 'last delivered', 'trouble'];
  const table = rows.length === 0 ? ['No channel: alerts go nowhere.'] : tableLines(heads, rows);
  call.answer({ channels, waiting, dead }, [...table, `${waiting} notifications wait, ${dead} were given up.`]);
  return undefined;
};

/** The newest messages, and what became of each. */
const sent: Verb = async (call, access) => {
  const deliveries = await shownDeliveries(access.channels);
  const names = new Map((await access.channels.channels.list()).map(({ id, name }) => [id, name]));
  const rows = deliveries.map((one) => [
    ...[one.at, one.kind, names.get(one.channel) ?? `channel ${one.channel}`],
    one.delivered_at === null ? (one.given_up_at === null ? 'waits' : 'given up') : `taken ${one.delivered_at}`,
    ...[String(one.attempts), one.error ?? ''],
  ]);
  const heads = ['at', 'alert', 'channel', 'fate', 'tries', 'why not'];
  call.answer({ deliveries }, rows.length === 0 ? ['Nothing was sent lately.'] : tableLines(heads, rows));
  return undefined;
};

const remove: Verb = async (call, { channels }) => {
  const id = idOf(call);
  await call.confirm(`Remove channel ${id} and what still waits for it?`);
  await removeAlertChannel(channels, id, call.actor);
  call.answer({ removed: id }, [`Channel ${id} is removed.`]);
  return undefined;
};

const test: Verb = async (call, access) => {
  const id = idOf(call);
  const outcome = await access.testChannel(id, call.actor);
  if (outcome.ok) call.answer({ delivered: true, error: null }, [`Channel ${id} took the message.`]);
  else call.answer({ delivered: false, error: outcome.error }, [`Channel ${id} did not take it: ${outcome.error}`]);
  return outcome.ok ? undefined : 1;
};

const verbs: Readonly<Record<string, Verb>> = { add, set, list, sent, remove, test };

export const alerts: Command = {
  summary: 'where alerts go: add, set, list, remove, send a test message, or see what was sent',
  writes: 'at once',
  usage:
    'alerts add webhook|slack|feishu|dingtalk|wecom URL [--secret S] [--name N] [--only KIND,…] | set ID [--name N] [--only KIND,…|all] | list | sent | remove ID | test ID',
  options: { secret: { type: 'string' }, name: { type: 'string' }, only: { type: 'string' } },
  positionals: [1, 3],
  async run(call) {
    const verb = verbs[call.positionals[0] ?? ''];
    if (!verb) throw usage();
    return withAccess(call, (access) => verb(call, access));
  },
};

function idOf(call: Invocation): number {
  const text = call.positionals[1] ?? '';
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw usage();
}

const usage = () => new UsageError(`Usage: sluice ${alerts.usage}`);
