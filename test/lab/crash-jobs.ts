import { parseArgs } from 'node:util';
import { buildIfStale } from '@/scripts/build/build-if-stale';
import { root } from '@/scripts/project-root';
import { runCell } from './crash-jobs/cell';
import { chaos } from './crash-jobs/chaos';
import { faultsOf, readRemains, sumsOf, type Told } from './crash-jobs/remains';
import { type Cell, cells, nameOf, relayCells } from './crash-jobs/steps';
import { type CrashWorld, openCrashWorld } from './crash-jobs/world';

const usage = `npm run crash-jobs [-- --only TEXT] [-- --orders N] [-- --seed N] [-- --no-matrix] [-- --relay]

kill -9 of the web process, of whoever looks at jobs, and of Postgres, between each two steps of an order, a look, an end
and a vendor's news; then N orders (2000) under kills, freezes and resets by chance. Afterwards: no id that was answered
is lost, nothing was made twice, and what the vendors made is bound or said to be unknown.
--only TEXT  the cells of the matrix whose name holds it
--orders 0   only the matrix
--relay      creates that are relayed, and looks of their callers, instead of orders of our own door
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      orders: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
      'no-matrix': { type: 'boolean', default: false },
      relay: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  await buildIfStale(root, console.log);
  const faults = values['no-matrix'] ? [] : await matrix(values.relay ? relayCells : cells, values.only);
  const orders = Number(values.orders);
  if (orders > 0) faults.push(...(await storm(orders, Number(values.seed), values.relay)));
  for (const fault of faults) console.log(`FAULT ${fault}`);
  console.log(`${faults.length} faults`);
  return faults.length === 0 ? 0 : 1;
}

async function matrix(all: readonly Cell[], only: string): Promise<string[]> {
  return inWorld(1, async (world) => {
    const told: Told[] = [];
    for (const cell of all.filter((each) => nameOf(each).includes(only))) {
      const startedAt = performance.now();
      const said = await runCell(world, cell);
      told.push(...said);
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      console.log(`${seconds.padStart(5)} s  ${nameOf(cell)}: ${said.map(outcome).join('; ')}`);
    }
    return told;
  });
}

function storm(orders: number, seed: number, isRelayed: boolean): Promise<string[]> {
  return inWorld(2, (world) =>
    chaos(world, { orders, perSecond: 40, seed, isRelayed, say: (line) => console.log(line) }),
  );
}

async function inWorld(webs: number, work: (world: CrashWorld) => Promise<Told[]>): Promise<string[]> {
  const world = await openCrashWorld(webs);
  try {
    const remains = await readRemains(world.postgres.sql, world, await work(world));
    console.log(sumsOf(remains));
    return faultsOf(remains);
  } finally {
    await world.close();
  }
}

function outcome({ status, polled }: Told): string {
  return `answered ${status ?? 'nothing'}, ${polled ?? 'no id'}`;
}
