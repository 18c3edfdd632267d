import { surroundings } from './known-database';
import { runCommand } from './sluice/run-command';
import { updateProviderWeights } from './sluice/update-provider-weights';

// `sluice journal | head` closes the pipe when it has read enough; that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// The environment of `npm start` first: whatever a verb reads, it reads from there.
surroundings();
const [verb, ...rest] = process.argv.slice(2);
// npm run sluice -- <verb>: the control plane on the database itself, no web process needed.
process.exitCode =
  verb === 'update-provider-weights'
    ? await updateProviderWeights(rest)
    : await runCommand(verb === undefined ? [] : [verb, ...rest]);
