import type { Moment } from './link';

/** Who is killed with `-9`, at that moment. */
export type Victim = 'web' | 'poller' | 'postgres';
export type LinkName = 'front' | 'store' | 'fal' | 'runware' | 'runway';

/** A place between two steps of a job's life. */
export interface Step extends Moment {
  readonly journey: 'create' | 'poll' | 'end' | 'webhook' | 'relay' | 'asked';
  readonly name: string;
  readonly link: LinkName;
  readonly victims: readonly Victim[];
  /** Where the order goes; Runware, where nothing is said: there a lost one is found by reading. */
  readonly arm?: 'old' | 'new';
}

/** One statement writes both; a row says when it is due, and a binding when it is first looked at. */
const insert = /sluice\.write_orders\(.*"due_ms"/s;
const bind = /sluice\.write_orders\(.*"first_ms"/s;
export const leasing = /sluice\.lease_jobs\(|update sluice\.jobs j set leased_until/;
const settle = /sluice\.settle_jobs\(/;
const hurry = /update sluice\.jobs j set due_at = now\(\)/;
const someJob = /upstreamId/;

const create = { journey: 'create', victims: ['web', 'postgres'] } as const;
const news = { journey: 'webhook', victims: ['web', 'postgres'] } as const;
/** Whichever process looks at it. */
const everybody = ['web', 'poller', 'postgres'] as const;

function looks(journey: 'poll' | 'end', victims: readonly Victim[]): readonly Step[] {
  const look = { journey, victims };
  return [
    { ...look, name: 'its lease is asked for', link: 'store', says: leasing, when: 'before' },
    { ...look, name: 'it is leased', link: 'store', says: leasing, when: 'after', answers: someJob },
    { ...look, name: 'its vendor is asked', link: 'runware', says: /getResponse/, when: 'before' },
    { ...look, name: 'its vendor has answered', link: 'runware', says: /getResponse/, when: 'after' },
    { ...look, name: 'what was seen is written', link: 'store', says: settle, when: 'before' },
    { ...look, name: 'what was seen is committed', link: 'store', says: settle, when: 'after' },
  ];
}

/** Every place between two steps of an order, a look at a job that runs, a look that sees its end, and a vendor's news. */
export const steps: readonly Step[] = [
  { ...create, name: 'its row is written', link: 'store', says: insert, when: 'before' },
  { ...create, name: 'its row is committed', link: 'store', says: insert, when: 'after' },
  { ...create, name: 'its vendor is called', link: 'runware', says: /videoInference/, when: 'before' },
  { ...create, name: 'its vendor has taken it', link: 'runware', says: /videoInference/, when: 'after' },
  {
    ...create,
    name: 'its vendor, who lets us name nothing, is called',
    link: 'fal',
    says: /^POST /,
    when: 'before',
    arm: 'old',
  },
  {
    ...create,
    name: 'its vendor, who lets us name nothing, has taken it',
    link: 'fal',
    says: /^POST /,
    when: 'after',
    arm: 'old',
  },
  { ...create, name: 'its binding is written', link: 'store', says: bind, when: 'before' },
  { ...create, name: 'its binding is committed', link: 'store', says: bind, when: 'after' },
  { ...create, name: 'its caller is answered', link: 'front', says: /^POST \/api\/jobs /, when: 'after' },
  ...looks('poll', ['poller']),
  ...looks('end', everybody),
  { ...news, name: 'news come', link: 'front', says: /^POST \/api\/jobs\/webhooks/, when: 'before' },
  { ...news, name: 'it is made due', link: 'store', says: hurry, when: 'before' },
  { ...news, name: 'it has been made due', link: 'store', says: hurry, when: 'after' },
  { ...news, name: 'the news are answered', link: 'front', says: /^POST \/api\/jobs\/webhooks/, when: 'after' },
];

const relay = { journey: 'relay', victims: ['web', 'postgres'] } as const;
const asked = { journey: 'asked', victims: ['web', 'postgres'] } as const;
const task = /^GET \/v1\/tasks\//;

/** Every place between two steps of a create that is relayed, and of a caller's look that shows its end. */
export const relaySteps: readonly Step[] = [
  { ...relay, name: 'its row is written', link: 'store', says: insert, when: 'before' },
  { ...relay, name: 'its row is committed', link: 'store', says: insert, when: 'after' },
  { ...relay, name: 'its vendor is called', link: 'runway', says: /^POST \/v1\/text_to_video/, when: 'before' },
  { ...relay, name: 'its vendor has taken it', link: 'runway', says: /^POST \/v1\/text_to_video/, when: 'after' },
  { ...relay, name: 'its binding is written', link: 'store', says: bind, when: 'before' },
  { ...relay, name: 'its binding is committed', link: 'store', says: bind, when: 'after' },
  { ...relay, name: 'its caller is answered', link: 'front', says: /^POST \/runway\//, when: 'after' },
  { ...asked, name: 'its vendor is asked', link: 'runway', says: task, when: 'before' },
  { ...asked, name: 'its vendor has answered', link: 'runway', says: task, when: 'after' },
  { ...asked, name: 'what was seen is written', link: 'store', says: settle, when: 'before' },
  { ...asked, name: 'what was seen is committed', link: 'store', says: settle, when: 'after' },
  { ...asked, name: 'its caller is answered', link: 'front', says: /^GET \/runway\//, when: 'after' },
];

export interface Cell {
  readonly step: Step;
  readonly victim: Victim;
}

const cellsOf = (all: readonly Step[]) => all.flatMap((step) => step.victims.map((victim): Cell => ({ step, victim })));
export const cells: readonly Cell[] = cellsOf(steps);
export const relayCells: readonly Cell[] = cellsOf(relaySteps);

export const nameOf = ({ step, victim }: Cell) => `${step.journey}: ${step.name}; kill -9 ${victim}`;
