import type { ArmEntry, Registry, SplitEntry, SplitKind } from '@/lib/registry/registry';
import { defaultPolicy, type Policy } from '@/lib/split/policy/policy';
import { readPolicy } from '@/lib/split/policy/read-policy';
import { firstSplit } from '@/lib/split/split-key';
import { shareOf } from '@/lib/split/weights';
import type { ImageRequest } from '../models/image-request';
import { Models } from '../models/models';
import { fitOf, isSendable, type Met, type Way, wayOf } from '../models/way';
import type { Lane } from '../request/lane';
import { type EventNames, eventNames } from '../request/record-attempt';
import { armFault } from './arm-fault';
import type { WeightsRow } from './flags-reader';
import type { Routing } from './routing';
import { type Names, type Offered, WeightsInMemory } from './weights-in-memory';

export interface SplitParts {
  readonly lanes: ReadonlyMap<string, Lane>;
  readonly random: () => number;
  readonly monotonic: () => number;
}

type Policied = Pick<Names, 'baseline' | 'candidates' | 'room'>;

function policiedBy({ baseline, candidates, stages, rollback }: Policy): Policied {
  return { baseline, candidates, room: stages.at(-1)?.weights ?? rollback };
}

/** One split as this process routes it: its arms, its weights, who is who by its policy, and what it was given. */
export class LiveSplit {
  /** Requests by assigned arm, since the start of the process. */
  readonly assigned = new Map<string, number>();
  private all = 0;
  private learntOwn = '';
  private learntAbout = '';
  readonly events: EventNames;
  private entry: SplitEntry;
  private armsNow: ReadonlyMap<string, ArmEntry> = new Map();
  private faultsOfArms: ReadonlyMap<string, string> = new Map();
  private memory: WeightsInMemory | null = null;
  private policied: Policied | null;
  private policyTold: { readonly row: WeightsRow; readonly fault: string } | null = null;
  private policyRow: WeightsRow | null = null;
  private modelsNow: Models = new Models([], []);
  private deprecated: readonly string[] = [];
  private met: { readonly by: Routing; readonly arms: Met } | null = null;

  constructor(
    entry: SplitEntry,
    private readonly parts: SplitParts,
  ) {
    this.entry = entry;
    this.events = eventNames(entry.key, entry.kind);
    this.policied = entry.key === firstSplit ? policiedBy(defaultPolicy) : null;
  }

  get key(): string {
    return this.entry.key;
  }

  get kind(): SplitKind {
    return this.entry.kind;
  }

  get slug(): string {
    return this.entry.slug;
  }

  get arms(): ReadonlyMap<string, ArmEntry> {
    return this.armsNow;
  }

  /** Registered as its own: in the first split every provider else may be weighed as well. */
  isOwn(arm: string): boolean {
    return this.entry.arms.some(({ name }) => name === arm);
  }

  /** Why arms are given nothing, by their names. */
  get armFaults(): ReadonlyMap<string, string> {
    return this.faultsOfArms;
  }

  /** null: without a policy its baseline is not known, and nothing can be routed. */
  get weights(): WeightsInMemory | null {
    return this.memory;
  }

  get routing(): Routing | null {
    return this.memory?.routing ?? null;
  }

  /** Why what the store holds for it is not served; null when it is. */
  get fault(): string | null {
    return this.memory?.fault ?? this.policyFault ?? (this.memory ? null : this.whyNotReady());
  }

  /** Why the stored policy is not obeyed; the last good one says who is who. */
  get policyFault(): string | null {
    return this.policyTold?.fault ?? null;
  }

  whyNotReady(): string {
    const row = this.policyTold ? 'a policy that can be used' : 'a policy';
    return `the split '${this.slug}' has no weights yet: it needs ${row}, then weights`;
  }

  /** All that were assigned. */
  get requests(): number {
    return this.all;
  }

  get isArchived(): boolean {
    return this.entry.archived;
  }

  /** How long its events keep where images lie; undefined: as the environment says. */
  get addressesForMs(): number | undefined {
    const { imageHours = null } = this.entry;
    return imageHours === null ? undefined : imageHours * 3_600_000;
  }

  count(arm: string): void {
    this.assigned.set(arm, (this.assigned.get(arm) ?? 0) + 1);
    this.all += 1;
  }

  /** `about` is all of its providers in a text: most changes of a registry are of other splits. */
  learn(entry: SplitEntry, { providers }: Pick<Registry, 'providers'>, about: string): void {
    const own = JSON.stringify(entry);
    if (own === this.learntOwn && about === this.learntAbout) return;
    this.learntOwn = own;
    this.learntAbout = about;
    this.entry = entry;
    this.deprecated = providers.filter(({ deprecated }) => deprecated).map(({ name }) => name);
    const arms = new Map(entry.arms.map((arm) => [arm.name, arm]));
    // In the first split arms are called like their providers, and every provider may be weighed.
    if (entry.key === firstSplit) {
      for (const { name } of providers)
        if (!arms.has(name)) arms.set(name, { name, provider: name, model: null, params: {} });
    }
    this.armsNow = arms;
    for (const name of entry.arms.map((arm) => arm.name)) if (!this.assigned.has(name)) this.assigned.set(name, 0);
    if (this.policyTold) this.offerPolicy(this.policyTold.row);
    this.name();
    this.refit();
  }

  /** The arms that may be called, by the lanes there are now. */
  refit(): void {
    const { lanes } = this.parts;
    const faults = new Map<string, string>();
    for (const arm of this.armsNow.values()) {
      const fault = armFault(arm, lanes.get(arm.provider), this.modelsNow, this.entry.kind);
      if (fault !== null) faults.set(arm.name, fault);
    }
    this.faultsOfArms = faults;
    this.met = null;
    this.memory?.equip(this.configured());
  }

  /** null: there is no row. A policy that cannot be used changes nothing. */
  offerPolicy(row: WeightsRow | null): void {
    // Said again, and good: reading a policy takes long enough to do it once.
    if (row !== null && row === this.policyRow && this.policyTold === null) return;
    this.policyRow = row;
    if (row === null) {
      this.policyTold = null;
      if (this.key === firstSplit) this.policied = policiedBy(defaultPolicy);
    } else {
      const reading = readPolicy(row.text ?? 'null', [...this.armsNow.keys()]);
      this.policyTold = reading.ok ? null : { row, fault: `policy ${row.version}: ${reading.faults.join(' ')}` };
      if (reading.ok) this.policied = policiedBy(reading.policy);
    }
    this.name();
  }

  /** Who was who in the last run. */
  remember(policied: Policied, row: WeightsRow | null): Offered {
    this.policied = policied;
    this.name();
    return row && this.memory ? this.memory.offerFile(row) : 'missing';
  }

  get names(): Policied | null {
    return this.policied;
  }

  /** The models that there are now. */
  know(models: Models): void {
    if (models === this.modelsNow) return;
    this.modelsNow = models;
    this.refit();
  }

  /** How a request may go here, before it is drawn. A draw that was decided `before` holds while nothing is routed otherwise. */
  wayOf(request: ImageRequest, before?: Way): Way {
    const met = this.metNow();
    if (before?.kind === 'drawn' && met !== null && before.by === met) return before;
    return met === null ? { kind: 'drawn' } : wayOf(this.modelsNow, met, request);
  }

  /** Whether an arm has a share now, and can be told the request. */
  mayGoTo(name: string, request: ImageRequest): boolean {
    const arm = this.metNow()?.arms.find((each) => each.name === name);
    return arm !== undefined && isSendable(fitOf(this.modelsNow, arm, request));
  }

  get models(): Models {
    return this.modelsNow;
  }

  private metNow(): Met | null {
    const { memory } = this;
    if (memory === null) return null;
    const { routing } = memory;
    if (this.met?.by !== routing) this.met = { by: routing, arms: this.armsMet(memory) };
    return this.met.arms;
  }

  private armsMet({ routing, names }: WeightsInMemory): Met {
    const named = (name: string) => this.armsNow.get(name) ?? [];
    const order = routing.order.get(names.baseline) ?? [...routing.order.values()][0] ?? [];
    const met = Object.keys(routing.effective ?? {}).filter((name) => shareOf(routing.effective ?? {}, name) > 0);
    return { arms: met.flatMap(named), order: order.flatMap(named) };
  }

  private name(): void {
    const { policied, parts } = this;
    if (policied === null) return;
    const names = { ...policied, registered: [...this.armsNow.keys()], deprecated: this.deprecated };
    if (this.memory) this.memory.learn(names);
    else {
      const constant = { split: this.key, configured: this.configured(), random: parts.random };
      this.memory = new WeightsInMemory(names, constant, parts.monotonic);
    }
  }

  private configured(): string[] {
    return [...this.armsNow.keys()].filter((name) => !this.faultsOfArms.has(name));
  }
}
