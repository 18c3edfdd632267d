import { type LiveCalls, liveSeconds } from '@/lib/split/live-calls';

/** Of frequent calls only so many are looked at: what is over is soon forgotten. */
const most = 20;

/** How the last calls of one provider ended that say something about it. */
export class LastCalls {
  private readonly ended: { readonly failed: boolean; readonly atMs: number }[] = [];

  note(failed: boolean, atMs: number): void {
    this.ended.push({ failed, atMs });
    if (this.ended.length > most) this.ended.shift();
  }

  within(nowMs: number): LiveCalls {
    const live = this.ended.filter(({ atMs }) => nowMs - atMs <= liveSeconds * 1000);
    return { requests: live.length, failures: live.filter(({ failed }) => failed).length };
  }
}
