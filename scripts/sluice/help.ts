import type { Command } from './command';
import { commands } from './commands';

const common = `
Everywhere: --json one JSON answer, --yes do not ask, --help.
For pipes: npx sluice status --json | jq .stage, or npm run sluice status --json | jq .stage
Exit codes: 0 ok, 1 error, 2 usage, 3 gate closed, 4 conflict, 5 drift.
The database is that of \`npm start\`: DATABASE_URL of the shell, of .env.local or of .env, else its own in .data.
`;

export async function generalHelp(): Promise<string> {
  const all = await Promise.all(Object.entries(commands).map(async ([verb, load]) => [verb, await load()] as const));
  const lines = all.map(([verb, { summary }]) => `  ${verb.padEnd(10)} ${summary}`);
  return `sluice <command> [options]\n\n${lines.join('\n')}\n${common}`;
}

export function usageOf({ usage, ofSplit }: Command): string {
  return ofSplit ? `${usage} [--split SLUG]` : usage;
}

export function commandHelp(verb: string, command: Command): string {
  const { summary, options = {}, notes = [] } = command;
  const flags = Object.keys(command.ofSplit ? { split: true, ...options } : options).map((name) => `--${name}`);
  const listed = flags.length > 0 ? `\nOptions: ${flags.join(' ')}\n` : '';
  return `sluice ${usageOf(command)}\n\n${verb}: ${summary}\n${notes.map((note) => `${note}\n`).join('')}${listed}${common}`;
}
