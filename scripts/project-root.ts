import { fileURLToPath } from 'node:url';

/** The folder of the code. Bundles lie as deep below it as this file does. */
export const root = fileURLToPath(new URL('..', import.meta.url));
