import { Problem } from '@/lib/http/problem';

interface SeatLimits {
  /** A browser opens one for each tab. */
  readonly perCredential: number;
  readonly perPerson: number;
  readonly inAll: number;
}

export const usualSeats: SeatLimits = { perCredential: 8, perPerson: 40, inAll: 500 };

/** Places for open streams: each is given back once. */
export type StreamSeats = ReturnType<typeof streamSeats>;

export function streamSeats(limits: SeatLimits) {
  const taken = new Map<string, number>();
  const count = (key: string) => taken.get(key) ?? 0;
  const add = (key: string, by: number) => {
    if (count(key) + by === 0) taken.delete(key);
    else taken.set(key, count(key) + by);
  };
  return {
    /** Throws when this credential, this person or the whole process has as many streams as it may. */
    take(credential: string, person: string): () => void {
      const keys = ['all', `of ${person}`, `by ${credential}`];
      if (count('all') >= limits.inAll) throw full(503, `This process has ${limits.inAll} streams open`);
      if (count(`of ${person}`) >= limits.perPerson) throw full(429, `${person} has ${limits.perPerson} streams open`);
      if (count(`by ${credential}`) >= limits.perCredential) {
        throw full(429, `This session or token has ${limits.perCredential} streams open`);
      }
      for (const key of keys) add(key, 1);
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        for (const key of keys) add(key, -1);
      };
    },
  };
}

function full(status: 429 | 503, rule: string): Problem {
  const detail = `${rule}, as many as it may; close one, or read GET /api/rollout now and then.`;
  return new Problem(status, 'too-many-streams', detail, { headers: { 'retry-after': '5' } });
}
