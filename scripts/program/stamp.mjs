import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What a bundle was made from: how each file looked, which is cheap to look at again, and a digest of all that they
 * held, for copies whose times are others.
 * @typedef {{ readonly bundle: string, readonly looks: Record<string, string>, readonly digest: string }} Stamp
 */

/** A file that was written so shortly before it was read may be written again with the same times. */
const settledMs = 2000;

/** @param {string} root @param {readonly string[]} files @returns {Record<string, string>} */
export function looksOf(root, files) {
  return Object.fromEntries(files.map((file) => [file, lookOf(join(root, file))]));
}

/** No program that copies can set the time of the last change, as it can that of the last writing. @param {string} path */
function lookOf(path) {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? 'none' : `${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`;
}

/** @param {string} root @param {readonly string[]} files */
export function digestOf(root, files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Whether each looks now as it did when it was read. @param {string} root @param {readonly string[]} files @param {number} readAtMs */
export function areSettled(root, files, readAtMs) {
  return files.every((file) => {
    const { mtimeMs, ctimeMs } = statSync(join(root, file));
    return Math.max(mtimeMs, ctimeMs) < readAtMs - settledMs;
  });
}
