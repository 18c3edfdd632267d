import { parseArgs } from 'node:util';
import { startJobs } from './soak/jobs';
import { reconcile } from './soak/reconcile';
import { reconcileJobs } from './soak/reconcile-jobs';
import { startRelayed } from './soak/relays';
import { driftOf } from './soak/samples';
import { prepare, tellStory } from './soak/story';
import { startTraffic } from './soak/traffic';
import { judge, table } from './soak/verdict';
import { openWorld } from './soak/world';

// npm run soak: steady traffic through everything that goes wrong in a night, and nothing may be lost or grow.
const help = `npm run soak -- [--minutes 30] [--rate 200] [--jobs 50] [--relay 5]

Steady requests against a web process of its own, with a rollout, a database restart, a killed watchdog and a
regression that is rolled back inside. At the end: what the callers saw against what the database holds, and memory
and descriptors of the web process, last third against first.
--minutes N  1 to 1440 (default 30)
--rate N     requests a second, 1 to 5000 (default 200); lower it on a slow machine
--jobs N     videos ordered a second, each asked for until it has ended, 0 to 1000 (default 50)
--relay N    creates a second that are relayed, each asked for through the relay until it has ended, and one upload of
             2 MB a second that comes back; 0 to 100 (default 5)
Exit codes: 0 every promise was kept, 1 one was not, 2 wrong usage.
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const asked = readArguments();
  if (typeof asked === 'number') return asked;
  const { minutes, rate, jobs, relay } = asked;
  const say = (line: string) => console.log(line);
  const end = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => end.abort(new Error(signal)));
  const world = await openWorld(Math.max(500, (minutes * 60_000) / 240), say);
  try {
    await prepare(world);
    say(`${rate} requests, ${jobs} jobs and ${relay} relayed creates a second for ${minutes} min at ${world.url}`);
    const traffic = startTraffic(world.url, rate);
    const orders = startJobs(world.url, jobs);
    const relayed = startRelayed(world.url, relay);
    let [lastedSeconds, ordersLastedSeconds] = [0, 0];
    const events = await tellStory(world, minutes, say, end.signal).finally(async () => {
      [lastedSeconds, ordersLastedSeconds] = await Promise.all([traffic.stop(), orders.stop(), relayed.stop()]);
    });
    const kept = await reconcile(world.sql, traffic.seen);
    const keptJobs = await reconcileJobs(world, orders.seen, relayed.seen);
    const memory = driftOf(world.samples, minutes);
    const ofJobs = {
      perSecond: jobs,
      lastedSeconds: ordersLastedSeconds,
      seen: orders.seen,
      kept: keptJobs,
      relayed: relayed.seen,
    };
    const rows = judge({
      ...{ minutes, perSecond: rate, lastedSeconds, seen: traffic.seen, kept, events, memory },
      ...{ crashes: world.crashes, jobs: jobs + relay === 0 ? null : ofJobs },
    });
    say(`\n${table(rows)}`);
    for (const failure of traffic.seen.failures) say(`a failed generation: ${failure}`);
    for (const failure of orders.seen.failures) say(`a failed job: ${failure}`);
    for (const failure of relayed.seen.failures) say(`a failed relay: ${failure}`);
    const broken = rows.filter(({ ok }) => !ok).length;
    say(broken === 0 ? '\nEvery promise was kept.' : `\n${broken} of ${rows.length} promises were not kept.`);
    return broken === 0 ? 0 : 1;
  } catch (error) {
    console.error(`soak: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await world.close();
  }
}

/** What was asked for, or an exit code. */
function readArguments(): Readonly<Record<'minutes' | 'rate' | 'jobs' | 'relay', number>> | number {
  try {
    const { values } = parseArgs({
      options: {
        ...{ minutes: { type: 'string' }, rate: { type: 'string' }, jobs: { type: 'string' } },
        relay: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) {
      process.stdout.write(help);
      return 0;
    }
    return {
      minutes: numberOf('minutes', values.minutes ?? '30', 1440),
      rate: numberOf('rate', values.rate ?? '200', 5000),
      jobs: numberOf('jobs', values.jobs ?? '50', 1000, 0),
      relay: numberOf('relay', values.relay ?? '5', 100, 0),
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
    return 2;
  }
}

function numberOf(name: string, text: string, most: number, least = 1): number {
  const value = Number(text);
  if (value >= least && value <= most) return value;
  throw new Error(`--${name} is "${text.slice(0, 32)}"; it must be a number from ${least} to ${most}`);
}
