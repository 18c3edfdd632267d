import { lookup } from 'node:dns/promises';
import type { Attempt } from '../attempt';
import { untilAborted } from './until-aborted';

/** As the sockets of this process resolve: /etc/hosts and the system's resolver. */
export async function resolve(host: string, signal: AbortSignal): Promise<Attempt> {
  try {
    await untilAborted(lookup(host, { all: true }), signal);
    return { ok: true };
  } catch (error) {
    return { ok: false, error: (error as NodeJS.ErrnoException).code ?? String((error as Error).message) };
  }
}
