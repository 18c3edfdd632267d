import { Readable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleOf } from '../../scripts/program/bundle-program.mjs';

// Runs command lines one after another as `bin.mjs` runs one. Of our own code each has a copy of its own, as it has in a
// process of its own; only what npm installed stays loaded, which is most of what a start costs.
const root = fileURLToPath(new URL('../..', import.meta.url));
const bundle = pathToFileURL((await bundleOf(root, 'sluice')) ?? '').href;
const streams = /** @type {const} */ (['stdout', 'stderr']);
const write = { stdout: process.stdout.write, stderr: process.stderr.write };
let lines = 0;

process.on('message', async ({ args, env, stdin }) => {
  const said = { stdout: '', stderr: '' };
  for (const name of streams) process[name].write = hearing(said, name);
  process.env = env;
  process.argv = [process.execPath, `${root}scripts/sluice/bin.mjs`, ...args];
  const input = Readable.from(stdin === '' ? [] : [Buffer.from(stdin)]);
  Object.defineProperty(process, 'stdin', { value: input, configurable: true });
  await import(`${bundle}?line=${++lines}`);
  for (const name of streams) {
    process[name].write = write[name];
    process[name].removeAllListeners('error');
  }
  delete globalThis[Symbol.for('sluice')];
  const code = process.exitCode ?? 0;
  process.exitCode = undefined;
  process.send?.({ code, ...said });
});

/** @param {Record<'stdout' | 'stderr', string>} said @param {'stdout' | 'stderr'} name */
function hearing(said, name) {
  return (chunk, encoding, done) => {
    said[name] += chunk;
    const then = typeof encoding === 'function' ? encoding : done;
    if (then) process.nextTick(then);
    return true;
  };
}
