import { surroundings } from './known-database';
import { runCommand } from './sluice/run-command';

// `sluice journal | head` closes the pipe when it has read enough; that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// The environment of `npm start` first: whatever a verb reads, it reads from there.
surroundings();
// npm run sluice -- <verb>: the control plane on the database itself, no web process needed.
process.exitCode = await runCommand(process.argv.slice(2));
