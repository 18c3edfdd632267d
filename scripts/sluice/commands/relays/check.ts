import { connectTo } from '@/lib/doctor/instruments/connect-to';
import { handshake } from '@/lib/doctor/instruments/handshake';
import { resolve } from '@/lib/doctor/instruments/resolve';
import { checkFronts } from '@/lib/doctor/relays/fronts';
import { inspectRelay } from '@/lib/doctor/relays/inspect-relay';
import type { RelayLine } from '@/lib/doctor/relays/relay-under-test';
import { type Command, type Invocation, Said } from '../../command';
import { relaysHere } from './relays-here';

const withinMs = 12_000;
const aliveSeconds = 120;
const instruments = {
  ...{ resolve, connect: connectTo, now: Date.now },
  handshake: (host: string, port: number, signal: AbortSignal) => handshake(host, port, signal, Date.now()),
};

/** The way to each provider of a split, to one provider, or to all that some arm sends to. */
export const check: Command['run'] = async (call) => {
  const asked = call.positionals[1] ?? null;
  const all = await relaysHere(call);
  const meant = all.filter(({ provider, arms, state }) => {
    if (asked === null) return arms.length > 0 || state === 'active';
    return provider === asked || arms.some((arm) => arm.endsWith(` of ${asked}`));
  });
  if (asked !== null && meant.length === 0) throw new Said(unknown(asked, all));
  const looked = await Promise.all(
    meant.map(async (relay) => {
      const lines = await inspectRelay(relay, instruments, AbortSignal.timeout(withinMs));
      return { provider: relay.provider, arms: relay.arms, dialect: relay.dialect, lines };
    }),
  );
  const fronts = (await frontsHere(call)).filter(({ status }) => status !== 'ok');
  const failed = looked.filter(({ lines }) => lines.some(({ status }) => status === 'fail')).length;
  const told = looked.flatMap(({ provider, arms, lines }) => [
    arms.length === 0 ? `${provider} (no arm sends to it)` : `${provider} (${arms.join(', ')})`,
    ...lines.map(lineText),
  ]);
  const sum =
    failed === 0
      ? fronts.length === 0
        ? 'Nothing failed.'
        : 'Each provider can be used.'
      : `${failed} of ${looked.length} cannot be used as they are.`;
  const doors = fronts.map(({ status, what, fix }) => `${status === 'problem' ? 'FAIL' : 'warn'}   ${what} → ${fix}`);
  const none = 'There is no relay: sluice providers add NAME --adapter relay …';
  const isOk = failed === 0 && fronts.every(({ status }) => status !== 'problem');
  call.answer({ ok: isOk, relays: looked, fronts }, looked.length === 0 ? [none] : [...told, ...doors, sum]);
  return isOk ? undefined : 1;
};

/** Whether callers arrive where relays are served. */
async function frontsHere(call: Invocation) {
  const { registry, first } = await call.controls();
  const [{ splits }, instances] = await Promise.all([registry.read(), first.instances.list(aliveSeconds)]);
  const relays = splits.filter(({ kind, archived }) => kind === 'relay' && !archived).map(({ slug }) => slug);
  return checkFronts(relays, instances);
}

const marks = { ok: 'ok  ', warn: 'warn', fail: 'FAIL', skipped: '-   ' } as const;

function lineText({ step, status, what, fix }: RelayLine): string {
  return `  ${marks[status]} ${step.padEnd(7)} ${what}${fix === null ? '' : ` → ${fix}`}`;
}

function unknown(asked: string, all: Awaited<ReturnType<typeof relaysHere>>): string {
  const name = asked.slice(0, 80);
  const known = all.map(({ provider }) => provider).join(', ');
  return `Nothing was looked at: "${name}" is neither a relay's split nor its provider${known === '' ? '; there is none' : `; there are ${known}`}.`;
}
