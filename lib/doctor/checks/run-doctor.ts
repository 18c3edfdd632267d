import type { Instruments } from '../diagnosis';
import { relays } from '../relays/check-relays';
import { database } from './database';
import { dns } from './dns';
import { environment } from './environment';
import { type Check, type Finding, problem } from './finding';
import { models } from './models';
import { port } from './port';
import { providerKey } from './provider-key';
import { secretFiles } from './secret-files';
import { tls } from './tls';

const checks: Readonly<Record<string, Check>> = {
  environment,
  'secret files': secretFiles,
  port,
  models,
  dns,
  tls,
  providers: providerKey,
  relays,
  database,
};

/** A signal that ends after so long, and a promise of the same end. */
export type Deadline = () => { readonly signal: AbortSignal; readonly over: Promise<void>; cancel(): void };

export interface Diagnosis {
  readonly healthy: boolean;
  readonly findings: readonly Finding[];
}

/** Every check at once, each with a deadline of its own: one that hangs costs its own line and no more. */
export async function runDoctor(instruments: Instruments, deadline: Deadline): Promise<Diagnosis> {
  const results = await Promise.all(
    Object.entries(checks).map(([name, check]) => runCheck(name, check, instruments, deadline())),
  );
  const findings = results.flat();
  return { healthy: findings.every(({ status }) => status !== 'problem'), findings };
}

async function runCheck(
  name: string,
  check: Check,
  instruments: Instruments,
  { signal, over, cancel }: ReturnType<Deadline>,
): Promise<readonly Finding[]> {
  const late = over.then(() => [
    problem(name, 'the check did not end in time', 'its deadline passed', 'something hangs: see the other lines'),
  ]);
  try {
    return await Promise.race([check(instruments, signal), late]);
  } catch (error) {
    const what = `the check failed: ${error instanceof Error ? error.message : String(error)}`;
    return [problem(name, what, 'ran it', 'this is a fault of the doctor; report it')];
  } finally {
    cancel();
  }
}
