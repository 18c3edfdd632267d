import { setImmediate as turn } from 'node:timers/promises';
import type { Log } from '@/lib/config/log';
import type { Clock } from '@/lib/kernel/clock';
import type { Sql } from '@/lib/postgres/sql';
import { type RegistryReading, readRegistry } from '@/lib/registry/read-registry';
import { firstSplit, policyKeyOf } from '@/lib/split/split-key';
import { type FlagRow, type FlagSums, lookAtFlags, lookAtNews } from './flags-reader';
import type { LiveSplit } from './live-split';
import { Poll } from './poll';
import type { SplitsFile } from './splits-file';
import type { SplitsInMemory } from './splits-in-memory';

interface FollowParts {
  readonly clock: Clock;
  readonly open: () => Sql;
  readonly splits: SplitsInMemory;
  /** Makes the providers of a registry, before splits are routed by it. */
  readonly learn: (reading: RegistryReading) => void;
  readonly file: SplitsFile | null;
  readonly log: Log;
  /** Told of each look which version the registry has. */
  readonly onVersion?: (version: number) => void;
}

/** Splits at rest are not told one by one. */
const mostTold = 10;
/** Policies that are read before requests have their turn again. */
const mostAtOnce = 10;

/** Brings what the store says of all splits into memory: every second, and at once when a notification hints at news. */
export class FollowSplits {
  private readonly rows = new Map<string, FlagRow>();
  private sums: FlagSums = { count: 0, versions: 0n, hashes: 0n };
  private newest = -1;
  /** Of the store; null before it said one. */
  private registryVersion: number | null = null;
  /** Keys whose rows have changed and were not offered yet. */
  private readonly news = new Set<string>();
  private isAllNews = false;
  private readonly told = new Map<string, string | null>();
  private readonly poll: Poll;
  readonly wake: Poll['wake'];

  constructor(private readonly parts: FollowParts) {
    const { clock, open, log } = parts;
    this.poll = new Poll({
      clock,
      open,
      look: (...asked) => this.look(...asked),
      onAway: (error) => log.warn({ err: error }, 'the store does not answer; routing by the last good weights'),
      onBack: () => log.info('the store answers again'),
    });
    this.wake = this.poll.wake;
  }

  /** What the last run knew at once; what the store says as soon as it answers. */
  async start(): Promise<void> {
    this.remember();
    await this.poll.start();
  }

  stop(): Promise<void> {
    return this.poll.stop();
  }

  read(): Promise<void> {
    return this.poll.read();
  }

  private remember(): void {
    const { file, splits, log } = this.parts;
    const kept = file?.read() ?? null;
    if (kept === null) return;
    if (kept.registry) this.parts.learn(kept.registry);
    let taken = 0;
    for (const { key, names, row } of kept.splits) {
      const split = splits.all.get(key);
      const who = names ?? split?.names;
      if (split && who && split.remember(who, row) === 'taken') taken += 1;
    }
    const { version } = splits.first.weights.routing;
    if (taken > 0)
      log.info({ version, splits: taken }, 'routing by the weights of the last run until the store answers');
  }

  private async look(sql: Sql, isWhole: boolean, withinMs: number): Promise<void> {
    const look = await (isWhole ? lookAtFlags : lookAtNews)(sql, this.newest, withinMs);
    this.parts.onVersion?.(look.registry);
    if (look.registry !== this.registryVersion) {
      const reading = await readRegistry(sql);
      this.parts.learn(reading);
      this.registryVersion = reading.version;
      this.isAllNews = true;
    }
    this.note(look.rows);
    // Rows went, came back older, or were written past the triggers: all of them, once.
    if (look.sums && !sameSums(this.sums, look.sums)) this.replace((await lookAtFlags(sql, -1)).rows);
    await this.offer();
  }

  private note(rows: readonly FlagRow[]): void {
    for (const row of rows) {
      this.forget(row.key);
      const { count, versions, hashes } = this.sums;
      this.sums = { count: count + 1, versions: versions + BigInt(row.version), hashes: hashes + BigInt(row.hash) };
      this.rows.set(row.key, row);
      this.newest = Math.max(this.newest, row.version);
      this.news.add(row.key);
    }
  }

  private replace(rows: readonly FlagRow[]): void {
    const before = new Map(this.rows);
    for (const key of before.keys()) {
      this.forget(key);
      this.news.add(key);
    }
    this.newest = -1;
    this.note(rows);
  }

  private forget(key: string): void {
    const row = this.rows.get(key);
    if (!row) return;
    const { count, versions, hashes } = this.sums;
    this.sums = { count: count - 1, versions: versions - BigInt(row.version), hashes: hashes - BigInt(row.hash) };
    this.rows.delete(key);
  }

  /** To each split what is new of it. */
  private async offer(): Promise<void> {
    const { splits, file, log } = this.parts;
    const isNews = this.isAllNews || this.news.size > 0;
    splits.confirm();
    const taken: LiveSplit[] = [];
    let atOnce = 0;
    for (const split of splits.all.values()) {
      const policyKey = policyKeyOf(split.key);
      const isPolicyNew = this.isAllNews || this.news.has(policyKey);
      if (isPolicyNew) split.offerPolicy(this.rows.get(policyKey) ?? null);
      // Requests are served meanwhile: reading a thousand policies takes long.
      if (isPolicyNew && ++atOnce % mostAtOnce === 0) await turn();
      if (!isPolicyNew && !this.news.has(split.key) && split.weights?.isUnsettled !== true) continue;
      if (split.weights?.offer(this.rows.get(split.key) ?? null) === 'taken') taken.push(split);
      this.tell(split);
    }
    this.news.clear();
    this.isAllNews = false;
    this.tellTaken(taken);
    if (!isNews && taken.length === 0) return;
    // Not waited for: what was written meanwhile is read at once.
    void file?.write(splits).catch((error: unknown) => log.warn({ err: error }, 'weights file not written'));
  }

  private tellTaken(taken: readonly LiveSplit[]): void {
    const { log } = this.parts;
    const told = taken.length > mostTold ? taken.filter(({ key }) => key === firstSplit) : taken;
    for (const { key, routing } of told) {
      const { version, stage, weights } = routing ?? {};
      log.info({ split: key, version, stage, weights }, 'routing by new weights');
    }
    if (told.length < taken.length) log.info({ splits: taken.length }, 'routing by new weights of many splits');
  }

  /** What is wrong with a split, when it begins and not at each look. */
  private tell(split: LiveSplit): void {
    const { key, weights, policyFault } = split;
    const fault = weights?.fault ?? policyFault;
    const said = fault ?? (weights?.missing ? missingText(weights.routing.source) : null);
    if (said === (this.told.get(key) ?? null)) return;
    this.told.set(key, said);
    if (said === null) return;
    const what = weights?.fault != null ? 'weights rejected; the last good ones stay' : said;
    this.parts.log.warn({ split: key, version: weights?.routing.version ?? null, fault }, what);
  }
}

function sameSums(one: FlagSums, other: FlagSums): boolean {
  return one.count === other.count && one.versions === other.versions && one.hashes === other.hashes;
}

/** What never was is not gone: an adopted table has no weights before the first ones are written. */
function missingText(source: string): string {
  return source === 'default'
    ? 'there is no weights row yet; everything goes to the baseline'
    : 'the weights row is gone; the last good ones stay';
}
