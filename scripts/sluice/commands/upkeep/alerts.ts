import { addAlertChannel, removeAlertChannel, shownChannel } from '@/lib/notify/alert-channels';
import type { Access } from '@/lib/process/build-access';
import { type Command, type Invocation, textOption, UsageError } from '../../command';
import { withAccess } from '../../open-access';
import { tableLines } from '../../table-lines';

type Verb = (call: Invocation, access: Access) => Promise<number | undefined>;

const add: Verb = async (call, { channels }) => {
  const [, kind, url] = call.positionals;
  if (kind === undefined || url === undefined) throw usage();
  call.nameDatabase();
  const id = await addAlertChannel(channels, { kind, url, secret: textOption(call.values, 'secret') }, call.actor);
  call.answer({ id }, [`Channel ${id} is added. Try it: npm run sluice -- alerts test ${id}`]);
  return undefined;
};

const list: Verb = async (call, access) => {
  const channels = (await access.channels.channels.list()).map(shownChannel);
  const { waiting, dead } = (await access.outbox.depth()).alerts;
  const rows = channels.map((one) => [String(one.id), one.kind, one.host, one.signed ? 'signed' : '', one.created_by]);
  const table =
    rows.length === 0 ? ['No channel: alerts go nowhere.'] : tableLines(['id', 'kind', 'host', '', 'by'], rows);
  call.answer({ channels, waiting, dead }, [...table, `${waiting} notifications wait, ${dead} were given up.`]);
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

const verbs: Readonly<Record<string, Verb>> = { add, list, remove, test };

export const alerts: Command = {
  summary: 'where alerts go: add, list, remove, or send a test message',
  writes: 'at once',
  usage: 'alerts add webhook|slack|feishu|dingtalk|wecom URL [--secret S] | list | remove ID | test ID',
  options: { secret: { type: 'string' } },
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
