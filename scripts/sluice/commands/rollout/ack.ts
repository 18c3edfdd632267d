import { acknowledgeAlert } from '@/lib/control/verbs/acknowledge-alert';
import { excerpt } from '@/lib/kernel/excerpt';
import { type Command, reasonOption, UsageError } from '../../command';

export const ack: Command = {
  summary: 'acknowledge an alert, or list those that wait',
  writes: 'at once',
  usage: 'ack [ID] [--reason TEXT]',
  options: { reason: { type: 'string' } },
  positionals: [0, 1],
  async run(call) {
    const { first: control } = await call.controls();
    const [text] = call.positionals;
    if (text === undefined) {
      const alerts = await control.alerts.open();
      const lines = alerts.map((each) => `${each.id}  ${each.at}  ${each.kind}  ${stateOf(each)}  ${each.detail}`);
      call.answer({ alerts }, lines.length > 0 ? lines : ['No alert is open.']);
      return undefined;
    }
    if (!/^[1-9]\d{0,14}$/.test(text)) throw new UsageError(`"${excerpt(text)}" is not the id of an alert.`);
    await call.confirm(`Acknowledge alert ${text}?`);
    const reason = reasonOption(call.values);
    const done = await acknowledgeAlert(control, { id: Number(text), by: call.actor, reason });
    call.answer(done, [`ack: alert ${done.id} is acknowledged.`]);
    return undefined;
  },
};

function stateOf(alert: { acknowledged: unknown; blocks_advance: boolean }): string {
  if (alert.acknowledged) return 'acknowledged';
  return alert.blocks_advance ? 'blocks advance' : 'open';
}
