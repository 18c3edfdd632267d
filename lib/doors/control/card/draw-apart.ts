import type { ReactElement } from 'react';

interface Picture {
  readonly element: ReactElement;
  readonly options: {
    readonly width: number;
    readonly height: number;
    readonly fonts: { readonly name: string; readonly data: ArrayBuffer; readonly weight: 400 | 600 }[];
  };
}

const withinMs = 15_000;
/** As text, which every way of building carries along. The renderer loads its own parts by fetch, from data: alone. */
const program = `
const { parentPort, workerData: { from, element, options } } = require('node:worker_threads');
const open = globalThis.fetch;
globalThis.fetch = (address, ...more) => String(address).startsWith('data:')
  ? open(address, ...more) : Promise.reject(new Error('a card fetches nothing'));
const { ImageResponse } = require('node:module').createRequire(from)('next/og');
new ImageResponse(element, options).arrayBuffer().then((png) => parentPort.postMessage(png, [png]));
`;

/**
 * A PNG, by a thread of its own that ends with it: loading the renderer and drawing are a quarter of a second in which
 * this one would pass no request on. Where the renderer is no file beside us, as on a host that packs functions, nobody
 * else waits, and it is drawn here.
 */
export async function drawApart({ element, options }: Picture): Promise<Uint8Array> {
  const { Worker } = await import('node:worker_threads');
  const workerData = { from: `${process.cwd()}/`, element, options };
  const drawn = new Promise<Uint8Array>((done, fail) => {
    const worker = new Worker(program, { eval: true, execArgv: [], workerData });
    // It keeps no process alive that has to end.
    worker.unref();
    const end = (settle: () => void) => {
      clearTimeout(late);
      void worker.terminate();
      settle();
    };
    const late = setTimeout(() => end(() => fail(new Error(`no card was drawn within ${withinMs} ms`))), withinMs);
    late.unref();
    worker.once('message', (png: ArrayBuffer) => end(() => done(new Uint8Array(png))));
    worker.once('error', (error) => end(() => fail(error)));
    worker.once('exit', (code) => end(() => fail(new Error(`the thread that draws cards ended with ${code}`))));
  });
  return drawn.catch(async (error: { code?: unknown }) => {
    if (!/MODULE_NOT_FOUND/.test(String(error.code))) throw error;
    const { ImageResponse } = await import('next/og');
    return new Uint8Array(await new ImageResponse(element, options).arrayBuffer());
  });
}
