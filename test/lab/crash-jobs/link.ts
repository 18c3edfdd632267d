import { startTcpProxy, type TcpProxy } from '@/test/support/tcp-proxy';
import { Statements } from './statements';

/** A moment of what passes over a link: just before something is said, or when it was done and its answer is under way. */
export interface Moment {
  readonly says: RegExp;
  readonly when: 'before' | 'after';
  /** Only where the answer says so, too. */
  readonly answers?: RegExp | undefined;
}

export interface Trap {
  /** The moment has come, and everything stands still on its connection. */
  readonly sprung: Promise<void>;
  release(): void;
}

interface Set {
  readonly moment: Moment;
  readonly spring: () => void;
  readonly held: Promise<void>;
  /** Where the answer is awaited. */
  asked: number | null;
  isSprung: boolean;
}

/** A stretch of network that a test listens on, and can stop at a moment of its choice. */
export interface Link {
  readonly proxy: TcpProxy;
  trap(moment: Moment): Trap;
  /** Keeps back whatever says so; the returned function cuts the connections that wait, and lets the next pass. */
  keepBack(says: RegExp): () => void;
}

export async function openLink(port: number, speaks: 'sql' | 'http'): Promise<Link> {
  const proxy = await startTcpProxy({ port });
  const readers = new Map<number, Statements>();
  let set: Set | null = null;
  let keptBack: { readonly says: RegExp; readonly until: Promise<void> } | null = null;
  const said = (chunk: Buffer, connection: number): string[] => {
    if (speaks === 'http') return [chunk.toString('latin1')];
    const reader = readers.get(connection) ?? new Statements();
    readers.set(connection, reader);
    return reader.read(chunk);
  };
  proxy.hold = (chunk, _, connection) => {
    const heard = said(chunk, connection);
    if (keptBack && heard.some((text) => keptBack?.says.test(text))) return keptBack.until;
    if (set === null || set.isSprung || set.asked !== null) return null;
    const { moment } = set;
    if (!heard.some((text) => moment.says.test(text))) return null;
    if (moment.when === 'after') {
      set.asked = connection;
      return null;
    }
    return spring(set);
  };
  proxy.holdAnswer = (chunk, connection) => {
    if (set?.asked !== connection || set.isSprung) return null;
    const { answers } = set.moment;
    if (answers === undefined || answers.test(chunk.toString('latin1'))) return spring(set);
    set.asked = null;
    return null;
  };
  return {
    proxy,
    keepBack(says) {
      const [until, release] = signal();
      keptBack = { says, until };
      return () => {
        keptBack = null;
        proxy.reset();
        release();
      };
    },
    trap(moment) {
      const [sprung, spring] = signal();
      const [held, release] = signal();
      const mine: Set = { moment, spring, held, asked: null, isSprung: false };
      set = mine;
      return {
        sprung,
        release() {
          if (set === mine) set = null;
          release();
        },
      };
    },
  };
}

function spring(set: Set): Promise<void> {
  set.isSprung = true;
  set.spring();
  return set.held;
}

function signal(): readonly [Promise<void>, () => void] {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return [given, give];
}
