import { runCommand } from './sluice/run-command';

// npm run sluice -- <verb>: the control plane on the database itself, no web process needed.
process.exitCode = await runCommand(process.argv.slice(2));
