import { readdirSync, readFileSync } from 'node:fs';

/** A process that a signal may be sent to: 0 would be our whole group with the runner in it, 1 all of the machine. */
export function known(pid: number | undefined): number {
  if (pid === undefined || pid < 2) throw new Error(`there is no process to send a signal to (pid ${pid})`);
  return pid;
}

/** A process and all it has started, parents first; Linux only, read from /proc. */
export function familyOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(Number(name));
    if (parent !== null) parents.set(Number(name), parent);
  }
  const family = [known(pid)];
  for (const member of family) {
    for (const [child, parent] of parents) if (parent === member && !family.includes(child)) family.push(child);
  }
  return family;
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

/** Stops a process with its children, as a frozen host would; the returned function thaws them again. */
export function freeze(pid: number): () => void {
  const family = familyOf(pid);
  signal(family, 'SIGSTOP');
  return () => signal(family, 'SIGCONT');
}

/** `kill -9` of a process and its children. */
export function killHard(pid: number): void {
  signal(familyOf(pid), 'SIGKILL');
}

function signal(pids: readonly number[], name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
