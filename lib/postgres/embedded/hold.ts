import { babysit } from './babysit';
import { isOwner, newToken, takeOwnership } from './owner';
import type { Programs } from './programs';
import type { Ids } from './run-as';

/** A cluster's folder, and the programs that run it. */
export interface Cluster {
  readonly dir: string;
  readonly programs: Programs;
  readonly ids: Ids;
}

/** What ties a server to this process, the same over its restarts: our token in its folder, and our babysitter. */
export class Hold {
  private readonly token = newToken();
  private sitter: ReturnType<typeof babysit> | null = null;
  private isLaunching = false;

  owns(dir: string): boolean {
    return isOwner(dir, this.token);
  }

  claim({ dir, programs, ids }: Cluster): void {
    takeOwnership(dir, this.token);
    this.sitter ??= babysit(programs.pgCtl, dir, this.token, ids);
  }

  /** Claimed before the server begins to run, so that it is seen off whenever we end. */
  async launch<T>(cluster: Cluster, work: () => Promise<T>): Promise<T> {
    this.claim(cluster);
    this.isLaunching = true;
    try {
      return await work();
    } finally {
      this.isLaunching = false;
    }
  }

  /** The server is left alone by us from now on; one that is just being launched keeps its babysitter. */
  letGo(): void {
    if (this.isLaunching) return;
    this.sitter?.dismiss();
    this.sitter = null;
  }
}
