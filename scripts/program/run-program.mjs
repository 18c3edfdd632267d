import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleOf } from './bundle-program.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs a program of `scripts/` in this process, whose working folder need not be ours: from its bundle, which starts
 * several times faster, or from its TypeScript where no bundle can be kept.
 * @param {string} name its path below `scripts/`, without its ending
 */
export async function runProgram(name) {
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const file = await bundleOf(root, name);
    if (file === null) break;
    try {
      return await import(pathToFileURL(file).href);
    } catch (error) {
      // Another start has replaced it since we looked.
      if (error?.code !== 'ERR_MODULE_NOT_FOUND' || existsSync(file)) throw error;
    }
  }
  const { register } = await import('tsx/esm/api');
  register({ tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)) });
  return import(new URL(`../${name}.ts`, import.meta.url).href);
}
