import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import type { Command } from '../../command';
import { statusLines } from '../../texts/status-lines';

export const status: Command = {
  summary: 'where the rollout is, whether it is well, what comes next',
  usage: 'status',
  ofSplit: true,
  async run(call) {
    const shot = await readSnapshot(await call.control());
    const { place } = call.database();
    call.answer(shot, [...statusLines(shot), `database   ${place.name} on ${place.host}`]);
    return undefined;
  },
};
