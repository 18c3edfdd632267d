import { connectTo } from '@/lib/doctor/instruments/connect-to';
import { handshake } from '@/lib/doctor/instruments/handshake';
import { resolve } from '@/lib/doctor/instruments/resolve';
import { inspectRelay } from '@/lib/doctor/relays/inspect-relay';
import type { RelayLine } from '@/lib/doctor/relays/relay-under-test';
import { type Command, Said } from '../../command';
import { relaysHere } from './relays-here';

const withinMs = 12_000;
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
  const failed = looked.filter(({ lines }) => lines.some(({ status }) => status === 'fail')).length;
  const told = looked.flatMap(({ provider, arms, lines }) => [
    arms.length === 0 ? `${provider} (no arm sends to it)` : `${provider} (${arms.join(', ')})`,
    ...lines.map(lineText),
  ]);
  const sum = failed === 0 ? 'Nothing failed.' : `${failed} of ${looked.length} cannot be used as they are.`;
  const none = 'There is no relay: sluice providers add NAME --adapter relay …';
  call.answer({ ok: failed === 0, relays: looked }, looked.length === 0 ? [none] : [...told, sum]);
  return failed === 0 ? undefined : 1;
};

const marks = { ok: 'ok  ', warn: 'warn', fail: 'FAIL', skipped: '-   ' } as const;

function lineText({ step, status, what, fix }: RelayLine): string {
  return `  ${marks[status]} ${step.padEnd(7)} ${what}${fix === null ? '' : ` → ${fix}`}`;
}

function unknown(asked: string, all: Awaited<ReturnType<typeof relaysHere>>): string {
  const name = asked.slice(0, 80);
  const known = all.map(({ provider }) => provider).join(', ');
  return `Nothing was looked at: "${name}" is neither a relay's split nor its provider${known === '' ? '; there is none' : `; there are ${known}`}.`;
}
