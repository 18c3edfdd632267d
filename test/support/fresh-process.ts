import { vi } from 'vitest';
import { inProcess } from '@/lib/kernel/once-in-process';

// Files that share a worker's process begin as they would in one of their own: with its environment as the run gave it,
// and with nothing that is kept once in a process. Starting one for each file took longer than most files.
const run = globalThis as { sluiceTestEnv?: NodeJS.ProcessEnv };
run.sluiceTestEnv ??= { ...process.env };

vi.useRealTimers();
vi.unstubAllGlobals();
vi.unstubAllEnvs();
for (const name of Object.keys(process.env)) if (!(name in run.sluiceTestEnv)) delete process.env[name];
Object.assign(process.env, run.sluiceTestEnv);
const kept = inProcess();
for (const place of Object.keys(kept)) delete kept[place];
