import { fileURLToPath } from 'node:url';
import type { Sql } from '@/lib/postgres/sql';
import type { WebProcess } from '@/test/support/web-process';
import type { Bench, BenchOptions } from './bench';
import { startProcess } from './child-process';
import { Caller, type Target } from './gateway/load';
import { sluiceBody, sluiceHeaders, startSluice } from './gateway/sluice';
import { processorMs } from './processor';
import { figure, type Report } from './report';
import { withScratchDatabase } from './scratch-database';
import { median } from './statistics';

const fileOf = (name: string) => fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
const blocks = 30;
const callsABlock = 100;
const manyRows = 2000;
const parameters = Array.from({ length: 20 }, (_, i) => `knob_${i}`);

interface Case {
  readonly name: string;
  readonly target: Target;
  readonly web: WebProcess;
}

/** What models cost a request: twenty mapped parameters, thousands of rows, an input image of megabytes. */
export const models: Bench = {
  name: 'models',
  about: 'a request with 20 mapped parameters, with 2,000 rows of models, and with an image of 4 MB in it',
  run: (options) => withScratchDatabase((sql, url) => measure(options, sql, url)),
};

async function measure({ say }: BenchOptions, sql: Sql, databaseUrl: string) {
  const upstream = await startProcess(['--import', 'tsx', fileOf('gateway/mock-upstream')]);
  const parts = { sql, databaseUrl, upstream: `http://127.0.0.1:${upstream.port}` };
  await addKnobs(sql);
  const few = await startSluice(parts);
  try {
    const plain: Case = { name: 'six fields', web: few, target: targetOf(few, sluiceBody) };
    const values = Object.fromEntries(parameters.map((name, i) => [name, 0.5 + i / 100]));
    const knobs = JSON.stringify({ ...JSON.parse(sluiceBody), model: 'bench-knobs', ...values });
    const first = await inTurns([plain, { name: '20 parameters', web: few, target: targetOf(few, knobs) }], say);
    await addRows(sql);
    await seenBy(few, `bench-row-${manyRows}`);
    const second = await inTurns([{ ...plain, name: `six fields, ${manyRows} rows more` }], say);
    const images = await heldImages(say);
    const figures = [...first, ...second];
    return { report: reportOf(figures, images), data: { figures, images } };
  } finally {
    await Promise.all([few.stop(), upstream.stop()]);
  }
}

/** A model whose twenty parameters are each called otherwise and scaled, at both providers. */
async function addKnobs(sql: Sql): Promise<void> {
  const knobs = Object.fromEntries(
    parameters.map((name) => [name, { to: `set.${name}_there`, type: 'number', min: 0, max: 10, times: 2, plus: 1 }]),
  );
  for (const [provider, own] of Object.entries({
    fal: { prompt: 'prompt', n: { to: 'num_images' }, size: { as: 'object', to: 'image_size', min: 64, max: 4096 } },
    runware: {
      prompt: 'positivePrompt',
      n: { to: 'numberResults' },
      size: { as: 'sides', width: 'width', height: 'height', min: 64, max: 4096 },
    },
  })) {
    await sql`insert into sluice.models (alias, provider, provider_model, params)
      values ('bench-knobs', ${provider}, 'fal-ai/bench/knobs', ${sql.json({ ...own, ...knobs })})`;
  }
}

async function addRows(sql: Sql): Promise<void> {
  await sql`insert into sluice.models (alias, provider, provider_model, params)
    select 'bench-row-' || i, 'fal', 'fal-ai/bench/' || i, '{"prompt": "prompt"}' from generate_series(1, ${manyRows}) i`;
}

/** Until the process routes by the row that came last. */
async function seenBy({ url }: WebProcess, alias: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(`${url}/v1/models/${alias}`);
    if (answer.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The process never learnt of the model ${alias}.`);
}

const targetOf = ({ url }: WebProcess, body: string): Target => {
  return { name: 'sluice', url, path: '/api/generate', headers: sluiceHeaders, body };
};

interface Figure {
  readonly name: string;
  readonly p50Ms: number;
  readonly cpuUs: number;
}

/** In short blocks by turns; the processor time is the web process's own. */
async function inTurns(cases: readonly Case[], say: (line: string) => void): Promise<Figure[]> {
  const running = cases.map((each) => ({
    ...{ ...each, caller: new Caller(each.target) },
    ...{ took: [] as number[], used: [] as number[] },
  }));
  for (const { caller } of running) for (let i = 0; i < 500; i++) await caller.once();
  for (let block = 0; block < blocks; block++) {
    for (const { caller, web, took, used } of running) {
      const before = processorMs(web.pid);
      for (let i = 0; i < callsABlock; i++) took.push(await caller.once());
      used.push(((processorMs(web.pid) - before) * 1000) / callsABlock);
    }
  }
  await Promise.all(running.map(({ caller }) => caller.close()));
  return running.map(({ name, took, used }) => {
    const found = { name, p50Ms: median(took), cpuUs: used.reduce((sum, one) => sum + one, 0) / used.length };
    say(`${name}: p50 ${figure(found.p50Ms)} ms, ${figure(found.cpuUs)} µs of processor`);
    return found;
  });
}

interface Held {
  readonly requests: number;
  readonly megabytes: number;
  readonly copies: number;
}

async function heldImages(say: (line: string) => void): Promise<Held> {
  const child = await startProcess(['--expose-gc', '--import', 'tsx', fileOf('gateway/held-images')]);
  try {
    const held = (await (await fetch(`http://127.0.0.1:${child.port}/`)).json()) as Held;
    say(`${figure(held.copies)} copies of each image of 4 MB while its provider works`);
    return held;
  } finally {
    await child.stop();
  }
}

function reportOf(figures: readonly Figure[], { requests, megabytes, copies }: Held): Report {
  const [plain] = figures;
  const ratio = (value: number, of: number | undefined) => figure(value / (of ?? Number.NaN));
  return {
    title: 'models: what a request pays for them',
    method: [
      `The built front in a process of its own, one request at a time, ${blocks} blocks of ${callsABlock} in turns after a warm-up; the upstream answers at once.`,
      'Twenty parameters: each has another name at the provider and another scale, at both arms. The rows of models are added to the registry of the same process.',
      'Images: the front in one process, requests with a data URI of 4 MB each whose provider has them and has not answered; what the process holds more than before, after a collection, in images.',
    ],
    tables: [
      {
        caption: 'A request',
        head: ['', 'p50 ms', 'of six fields', 'processor µs', 'of six fields'],
        rows: figures.map(({ name, p50Ms, cpuUs }) => [
          ...[name, figure(p50Ms), ratio(p50Ms, plain?.p50Ms)],
          ...[figure(cpuUs), ratio(cpuUs, plain?.cpuUs)],
        ]),
      },
      {
        caption: 'Images held',
        head: ['requests', 'MB each', 'copies held of each'],
        rows: [[requests, figure(megabytes), figure(copies)]],
      },
    ],
  };
}
