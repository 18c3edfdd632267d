import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

/** Imports a TypeScript module of ours in a plain `node`, whose working folder need not be ours. */
export function runTypeScript(module) {
  register({ tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url)) });
  return import(module.href);
}
