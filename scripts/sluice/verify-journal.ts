import { existsSync, readFileSync } from 'node:fs';
import { anchorKey } from '@/lib/control/journal/anchor-book';
import { type Anchor, anchorsIn, anchorsMeant, signatureOf } from '@/lib/control/journal/anchor-line';
import type { IntegrityFault } from '@/lib/control/journal/integrity';
import { integrityStore } from '@/lib/control/journal/integrity-store';
import { connect } from '@/lib/postgres/connection';
import { type Invocation, textOption, UsageError } from './command';

/** `journal --verify [--anchor FILE|TEXT]`: every hash, every guard, and whether what was seen once is still there. */
export async function verifyJournal(call: Invocation): Promise<number> {
  const given = textOption(call.values, 'anchor');
  const text = given === null ? '' : existsSync(given) ? readFileSync(given, 'utf8') : given;
  const anchors = given === null ? [] : readAnchors(text);
  const key = anchorKey(process.env.SLUICE_DATA_DIR ?? '.data');
  const forged = anchors.filter((anchor) => signatureOf(anchor, key) === 'forged').map(forgedFault);
  const unread = unreadFaults(anchorsMeant(text) - anchors.length);
  const db = connect(call.database().url, { name: 'cli verify', max: 1, silenceMs: null });
  try {
    const { faults } = await integrityStore(db).check(
      anchors.flatMap(({ heads }) => heads),
      true,
    );
    const all = [...forged, ...unread, ...faults];
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

function readAnchors(text: string): readonly Anchor[] {
  const anchors = anchorsIn(text);
  if (anchors.length > 0) return anchors;
  throw new UsageError(
    '--anchor holds no anchor: give a line "sluice-anchor v1 …" of an alert or a log, or a file with some.',
  );
}

function unreadFaults(count: number): IntegrityFault[] {
  if (count <= 0) return [];
  const sentence = `Not compared: ${count} more in --anchor begin like an anchor and cannot be read; somebody cut or changed them.`;
  return [{ key: 'signature unread', sentence }];
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
