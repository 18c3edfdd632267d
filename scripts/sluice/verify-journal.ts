import { existsSync, readFileSync } from 'node:fs';
import { anchorKey } from '@/lib/adapters/postgres/anchors/anchor-book';
import { type Anchor, anchorsIn, signatureOf } from '@/lib/adapters/postgres/anchors/anchor-line';
import { connect } from '@/lib/adapters/postgres/connection';
import { integrityStore } from '@/lib/adapters/postgres/integrity-store';
import type { IntegrityFault } from '@/lib/operations/ports/integrity';
import { type Invocation, textOption, UsageError } from './command';

/** `journal --verify [--anchor FILE|TEXT]`: every hash, every guard, and whether what was seen once is still there. */
export async function verifyJournal(call: Invocation): Promise<number> {
  const given = textOption(call.values, 'anchor');
  const anchors = given === null ? [] : readAnchors(given);
  const key = anchorKey(process.env.SLUICE_DATA_DIR ?? '.data');
  const forged = anchors.filter((anchor) => signatureOf(anchor, key) === 'forged').map(forgedFault);
  const db = connect(call.database().url, { name: 'cli verify', max: 1, silenceMs: null });
  try {
    const { faults } = await integrityStore(db).check(
      anchors.flatMap(({ heads }) => heads),
      true,
    );
    const all = [...forged, ...faults];
    const whole =
      anchors.length === 0 ? [] : anchors.filter((one) => signatureOf(one, key) !== 'forged').map(wholeLine(key));
    const lines = all.length > 0 ? all.map(({ sentence }) => sentence) : ['Every hash verifies.', ...whole];
    call.answer(
      { faults: all, anchors: anchors.map((one) => ({ at: one.at, signature: signatureOf(one, key) })) },
      lines,
    );
    return all.length > 0 ? 1 : 0;
  } finally {
    await db.end({ timeout: 2 });
  }
}

function readAnchors(given: string): readonly Anchor[] {
  const text = existsSync(given) ? readFileSync(given, 'utf8') : given;
  const anchors = anchorsIn(text);
  if (anchors.length > 0) return anchors;
  throw new UsageError(
    '--anchor holds no anchor: give a line "sluice-anchor v1 …" of an alert or a log, or a file with some.',
  );
}

function forgedFault({ at }: Anchor): IntegrityFault {
  return {
    key: `signature ${at}`,
    sentence: `The anchor of ${at} is not what this machine's key signed: somebody changed it.`,
  };
}

const wholeLine = (key: Buffer | null) => (anchor: Anchor) =>
  `The head anchored at ${anchor.at} is still in the chain (${
    signatureOf(anchor, key) === 'good' ? 'signed here' : "signed by another machine's key, which is not here"
  }).`;
