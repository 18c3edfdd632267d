import { type Check, ok, problem } from './finding';

export const port: Check = async (instruments, signal) => {
  const { host, port: number } = instruments.port;
  const place = `port ${number} on ${host}`;
  const owner = await instruments.portOwner(host, number, signal);
  if (owner.kind === 'free') return [ok('port', `${place} is free`, 'opened it for a moment')];
  if (owner.kind === 'sluice') return [ok('port', `Sluice answers on ${place}`, 'asked /api/health/live')];
  if (owner.kind === 'refused') {
    return [
      problem('port', `${place} cannot be opened: ${owner.error}`, 'tried to open it', 'choose another PORT or HOST'),
    ];
  }
  const fix = `stop that program, or start with PORT=${number === 65_535 ? 3000 : number + 1}`;
  return [problem('port', `${place} is taken by ${owner.by ?? 'another program'}`, 'tried to open it', fix)];
};
