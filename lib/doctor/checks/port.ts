import { nextPort, portText, takenText } from '@/lib/kernel/port-text';
import { type Check, ok, problem } from './finding';

export const port: Check = async (instruments, signal) => {
  const { host, port: number } = instruments.port;
  const place = portText(number, host);
  const owner = await instruments.portOwner(host, number, signal);
  if (owner.kind === 'free') return [ok('port', `${place} is free`, 'opened it for a moment')];
  if (owner.kind === 'sluice') return [ok('port', `Sluice answers on ${place}`, 'asked /api/health/live')];
  if (owner.kind === 'refused') {
    return [
      problem('port', `${place} cannot be opened: ${owner.error}`, 'tried to open it', 'choose another PORT or HOST'),
    ];
  }
  const fix = `stop that program, or start with PORT=${nextPort(number)}`;
  return [problem('port', takenText(number, host, owner.by ?? undefined), 'tried to open it', fix)];
};
