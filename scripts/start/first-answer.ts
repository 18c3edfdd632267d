import { setTimeout as wait } from 'node:timers/promises';
import type { Env } from '@/lib/config/env';

/** Waits until the web process answers that it is ready to serve. */
export async function firstAnswer(env: Env): Promise<void> {
  const url = `${localUrl(env)}/api/health/ready`;
  for (;;) {
    const ok = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await wait(50);
  }
}

/** The address at which this machine reaches the web process. */
export function localUrl(env: Env): string {
  const host = env.HOST === '0.0.0.0' || env.HOST === '::' ? '127.0.0.1' : env.HOST;
  return `http://${host.includes(':') ? `[${host.replace(/[[\]]/g, '')}]` : host}:${env.PORT}`;
}
