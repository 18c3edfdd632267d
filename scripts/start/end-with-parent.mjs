import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

// Preloaded into every child of the supervisor: when the supervisor is gone, even by kill -9, the child ends itself,
// within the time that its calls get to end and a little more.
const { SLUICE_DRAIN_SECONDS: seconds, SLUICE_ATTEMPT_TIMEOUT_MS: attemptMs } = process.env;
const drainMs = seconds ? Number(seconds) * 1000 : Number(attemptMs) || 30_000;
if (isMainThread) {
  // Forks inherit these words: their channel leads to this process, and unreferred they would end before their work.
  const at = process.execArgv.indexOf(fileURLToPath(import.meta.url));
  if (at > 0) process.execArgv.splice(at - 1, 2);
  const end = () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), drainMs + 6_000).unref();
  };
  if (process.connected) {
    process.channel.unref();
    process.once('disconnect', end);
  } else {
    // It was gone before this line was reached, and no disconnect will follow.
    end();
  }
}
