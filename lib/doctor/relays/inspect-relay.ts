import { checkClock } from './clock-of-vendor';
import { checkKey } from './key-of-relay';
import type { NetworkInstruments, RelayLine, RelayUnderTest, Step } from './relay-under-test';
import { addressOf, checkWay, type Place } from './way-to-relay';

/**
 * The way to one provider, step by step: address, name, port, certificate, key, clock. What stands behind a step that
 * fails is not looked at, and says so.
 */
export async function inspectRelay(
  relay: RelayUnderTest,
  instruments: NetworkInstruments,
  signal: AbortSignal,
): Promise<readonly RelayLine[]> {
  const { place, line } = addressOf(relay);
  if (place === null) return [line, ...behind(relay, allBehind, 'there is no address to ask')];
  const way = await checkWay(place, instruments, signal);
  const lines = [line, ...way.lines];
  if (!way.isOpen) return [...lines, ...behind(relay, way.left, 'the way there is closed')];
  return [...lines, ...(await askedOf(relay, place, instruments, signal))];
}

async function askedOf(
  relay: RelayUnderTest,
  place: Place,
  { now }: NetworkInstruments,
  signal: AbortSignal,
): Promise<readonly RelayLine[]> {
  if (relay.whyNot !== null) return behind(relay, ['key', 'clock'], 'nothing was asked');
  const sentMs = now();
  const probe = await relay.probe(signal);
  return [checkKey(relay, probe, place), checkClock(relay, probe, { sentMs, heardMs: now() })];
}

const allBehind = ['dns', 'tcp', 'tls', 'key', 'clock'] as const;

/** Why it cannot be called is known without asking anybody. */
function behind({ provider, whyNot }: RelayUnderTest, steps: readonly Step[], why: string): RelayLine[] {
  return steps.map((step) => {
    if (step !== 'key' || whyNot === null) return { step, status: 'skipped', what: `not looked at: ${why}`, fix: null };
    const fix = `store one: sluice keys set ${provider}; or see its row: sluice providers list`;
    return { step, status: 'fail', what: whyNot, fix };
  });
}
