import { createRequire, Module } from 'node:module';

type Resolve = (request: string, ...rest: unknown[]) => string;

/**
 * The types that openapi-typescript makes of a description. It needs the compiler's own API, which TypeScript 7 has no
 * longer: what it requires as `typescript` is the alias of TypeScript 5, and nobody else's.
 */
export async function typesOf(description: object): Promise<string> {
  const modules = Module as unknown as { _resolveFilename: Resolve };
  const resolve = modules._resolveFilename;
  modules._resolveFilename = (request, ...rest) =>
    resolve.call(Module, request === 'typescript' ? 'typescript5' : request, ...rest);
  try {
    const { default: generate, astToString } = createRequire(import.meta.url)('openapi-typescript') as {
      readonly default: (schema: object, options: object) => Promise<unknown>;
      readonly astToString: (ast: unknown) => string;
    };
    return astToString(await generate(description, { silent: true }));
  } finally {
    modules._resolveFilename = resolve;
  }
}
