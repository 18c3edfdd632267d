import { setTimeout as sleep } from 'node:timers/promises';
import { within } from '@/lib/kernel/within';
import { freeze } from '@/test/support/freeze';
import { untilAllEnded } from './heal';
import type { Link, Trap } from './link';
import { order, orderRelayed, poll, pollRelayed } from './orders';
import type { Told } from './remains';
import { type Cell, leasing, nameOf } from './steps';
import { type CrashWorld, type Member, routed, type Web } from './world';

const springsWithinMs = 60_000;
const newsTries = 20;

/** Kills whom the cell says at its moment, lets everything come back, and says what callers were told. */
export async function runCell(world: CrashWorld, cell: Cell): Promise<Told[]> {
  const [web] = world.webs;
  if (web === undefined) throw new Error('there is no web process');
  const told = await new CellRun(world, web, cell).run();
  await untilAllEnded(world);
  const ask = ({ id, isRelayed }: Told) => id && (isRelayed ? pollRelayed : poll)(web.url, id);
  return Promise.all(told.map(async (each) => ({ ...each, polled: await ask(each) })));
}

class CellRun {
  private letGo: () => void = () => undefined;
  private orders = 0;

  constructor(
    private readonly world: CrashWorld,
    private readonly web: Web,
    private readonly cell: Cell,
  ) {}

  async run(): Promise<Told[]> {
    const { journey } = this.cell.step;
    try {
      if (journey === 'create') return await this.ofCreate(() => this.order());
      if (journey === 'relay') return await this.ofCreate(() => this.orderRelayed());
      if (journey === 'asked') return await this.ofAsked();
      return journey === 'webhook' ? await this.ofNews() : await this.ofLook();
    } finally {
      this.letGo();
    }
  }

  private async ofCreate(order: () => Promise<Told>): Promise<Told[]> {
    const trap = this.set(this.web);
    const answering = order();
    await this.killAt(trap);
    return [await answering];
  }

  /** Its caller looks, and sees that it has ended; nobody else does before. */
  private async ofAsked(): Promise<Told[]> {
    const { web, world } = this;
    world.relays.runway.control({ jobMs: 1 });
    const told = await this.orderRelayed();
    if (told.id === null) throw new Error(`${nameOf(this.cell)}: nothing was made to ask for`);
    await sleep(50);
    const trap = this.set(web);
    const asking = pollRelayed(web.url, told.id);
    await this.killAt(trap);
    await asking;
    return [told];
  }

  /** Only one process looks at jobs meanwhile, and its first look at this one is waited for. */
  private async ofLook(): Promise<Told[]> {
    const { world, web, cell } = this;
    const { journey, link, when, says } = cell.step;
    world.sandbox.control('runware', { jobMs: journey === 'end' ? 1 : 2500 });
    const looker = cell.victim === 'web' ? web : world.watchdog;
    this.letGo = looker === web ? freeze(world.watchdog.process.pid) : web.store.keepBack(leasing);
    // A lease is asked for all the time, and is this job's only once there is one.
    const isLeaseToCome = link === 'store' && when === 'before' && says === leasing;
    const early = isLeaseToCome ? null : this.set(looker);
    const answer = await this.order();
    await this.killAt(early ?? this.set(looker));
    return [answer];
  }

  private async ofNews(): Promise<Told[]> {
    const { world, web } = this;
    world.sandbox.control('runware', { jobMs: 1500 });
    const [told, url] = await this.untilToldWhere();
    const trap = this.set(web);
    const send = () =>
      fetch(url, { method: 'POST', body: '{}' }).then(
        ({ status }) => status,
        () => null,
      );
    const sent = send();
    await this.killAt(trap);
    if ((await sent) === null) await send();
    return told;
  }

  /** A web process that has just come tells vendors where to send their news as soon as it knows itself. */
  private async untilToldWhere(): Promise<readonly [Told[], string]> {
    const told: Told[] = [];
    while (told.length < newsTries) {
      const answer = await this.order();
      told.push(answer);
      const job = this.world.sandbox.jobs('runware').find(({ prompt }) => prompt === answer.prompt);
      if (job?.webhookUrl) return [told, job.webhookUrl];
      await sleep(500);
    }
    throw new Error(`${nameOf(this.cell)}: the vendor was never told where to send its news`);
  }

  private order(): Promise<Told> {
    const { arm = 'new' } = this.cell.step;
    const prompt = `${nameOf(this.cell)}, ${++this.orders}`;
    return order(this.web.url, prompt, arm === 'old' ? 'to-fal' : 'to-runware');
  }

  private orderRelayed(): Promise<Told> {
    const { step, victim } = this.cell;
    return orderRelayed(this.web.url, `${step.journey}-${step.name}-${victim}-${++this.orders}`.replaceAll(' ', '-'));
  }

  private set(actor: Member): Trap {
    return this.linkOf(actor).trap(this.cell.step);
  }

  private linkOf(actor: Member): Link {
    const { link } = this.cell.step;
    if (link === 'store') return actor.store;
    return link === 'front' ? this.web.front : this.world.vendors[link];
  }

  private async killAt(trap: Trap): Promise<void> {
    try {
      await within(springsWithinMs, trap.sprung);
      await this.kill();
    } finally {
      trap.release();
    }
  }

  private async kill(): Promise<void> {
    const { world, web, cell } = this;
    if (cell.victim === 'postgres') {
      await world.postgres.crash();
      return;
    }
    const member = cell.victim === 'web' ? web : world.watchdog;
    await member.kill();
    this.letGo();
    await member.start();
    if (member === web) await routed(web.url);
  }
}
