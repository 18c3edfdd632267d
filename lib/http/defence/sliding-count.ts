interface Seen {
  readonly minute: number;
  readonly count: number;
  readonly before: number;
}

const minuteMs = 60_000;
const candidates = 8;

/**
 * How often each key came within the last minute, for a bounded number of keys. When the table is full, of the keys
 * longest unseen the one that came least makes room, and is not refused for it.
 */
export function slidingCount(now: () => number, maxKeys = 10_000) {
  const table = new Map<string, Seen>();

  const rolled = (seen: Seen | undefined, minute: number): Seen => {
    if (seen?.minute === minute) return seen;
    return { minute, count: 0, before: seen?.minute === minute - 1 ? seen.count : 0 };
  };

  const usedBy = (seen: Seen | undefined): number => {
    const at = now() / minuteMs;
    const { minute, count, before } = rolled(seen, Math.floor(at));
    // Sliding: the part of the last minute that still lies within sixty seconds counts in proportion.
    return count + before * (1 - (at - minute));
  };

  const makeRoom = () => {
    let least = { key: '', used: Number.POSITIVE_INFINITY };
    let looked = 0;
    for (const [key, seen] of table) {
      const used = usedBy(seen);
      if (used < least.used) least = { key, used };
      looked += 1;
      if (looked === candidates) break;
    }
    table.delete(least.key);
  };

  return {
    used: (key: string): number => usedBy(table.get(key)),
    add(key: string, times = 1): void {
      const seen = rolled(table.get(key), Math.floor(now() / minuteMs));
      // Written anew, it stands last among those that were not seen for long.
      if (!table.delete(key) && table.size >= maxKeys) makeRoom();
      table.set(key, { ...seen, count: seen.count + times });
    },
  };
}
