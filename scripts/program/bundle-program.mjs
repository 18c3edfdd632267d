import { createHash, randomUUID } from 'node:crypto';
import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { areSettled, digestOf, looksOf } from './stamp.mjs';

/** @typedef {import('./stamp.mjs').Stamp} Stamp */

/** As deep as `scripts/`, so that what a program finds beside it is found from its bundle. @param {string} root */
const folderOf = (root) => join(root, '.sluice');

/** @param {string} root @param {string} name */
const stampFile = (root, name) => join(folderOf(root), `${baseOf(name)}.program.json`);

/** @param {string} name */
const baseOf = (name) => name.replaceAll('/', '-');

/** Beside what is bundled, what says how. */
const how = ['tsconfig.json', 'scripts/program/bundle-program.mjs'];

/**
 * The bundle of a program, made anew unless it was made from exactly these sources; null where none can be kept. Any
 * number of starts may ask at once: a bundle is named by what it holds, and its stamp is replaced whole.
 * @param {string} root
 * @param {string} name its path below `scripts/`, without its ending
 * @returns {Promise<string | null>}
 */
export async function bundleOf(root, name) {
  const stamp = readStamp(root, name);
  if (stamp !== null && isFresh(root, name, stamp)) return join(folderOf(root), stamp.bundle);
  if (!canKeep(root)) return null;
  try {
    return await make(root, name);
  } catch {
    // Its TypeScript will say what is wrong with it.
    return null;
  }
}

/** @param {string} root @param {string} name @returns {Stamp | null} */
function readStamp(root, name) {
  try {
    return JSON.parse(readFileSync(stampFile(root, name), 'utf8'));
  } catch {
    return null;
  }
}

/** @param {string} root @param {string} name @param {Stamp} stamp */
function isFresh(root, name, stamp) {
  if (!existsSync(join(folderOf(root), stamp.bundle))) return false;
  const files = Object.keys(stamp.looks);
  const readAtMs = Date.now();
  const looks = looksOf(root, files);
  if (files.every((file) => looks[file] === stamp.looks[file])) return true;
  if (files.some((file) => looks[file] === 'none') || digestOf(root, files) !== stamp.digest) return false;
  if (canKeep(root) && areSettled(root, files, readAtMs))
    keep(stampFile(root, name), JSON.stringify({ ...stamp, looks }));
  return true;
}

/** @param {string} root @param {string} name */
async function make(root, name) {
  const readAtMs = Date.now();
  const { text, inputs } = await bundle(root, name);
  const files = [...inputs, ...how].sort();
  const looks = looksOf(root, files);
  const bundleName = `${baseOf(name)}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.program.mjs`;
  const made = join(folderOf(root), bundleName);
  if (!existsSync(made)) keep(made, text);
  // Unsettled ones are bundled again at the next start.
  if (areSettled(root, files, readAtMs)) {
    keep(stampFile(root, name), JSON.stringify({ bundle: bundleName, looks, digest: digestOf(root, files) }));
    removeOthers(root, name, bundleName);
  }
  return made;
}

/** @param {string} root @param {string} name */
async function bundle(root, name) {
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [join(root, 'scripts', `${name}.ts`)],
    outdir: folderOf(root),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    sourcemap: 'inline',
    sourcesContent: false,
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  return { text: outputFiles[0].text, inputs: Object.keys(metafile.inputs) };
}

/** Whole or not at all. @param {string} file @param {string} text */
function keep(file, text) {
  const fresh = `${file}.${randomUUID()}`;
  try {
    writeFileSync(fresh, text);
    renameSync(fresh, file);
  } finally {
    rmSync(fresh, { force: true });
  }
}

/** Who has loaded another has all of it in memory. @param {string} root @param {string} name @param {string} bundleName */
function removeOthers(root, name, bundleName) {
  const mine = new RegExp(`^${baseOf(name)}-[0-9a-f]{16}\\.program\\.mjs$`);
  for (const file of readdirSync(folderOf(root))) {
    if (mine.test(file) && file !== bundleName) rmSync(join(folderOf(root), file), { force: true });
  }
}

/** @param {string} root */
function canKeep(root) {
  try {
    const folder = folderOf(root);
    if (!existsSync(folder)) {
      mkdirSync(folder, { recursive: true });
      // Made by root, it still belongs to the owner of the code.
      const { uid, gid } = statSync(root);
      if (process.getuid?.() === 0) chownSync(folder, uid, gid);
    }
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
