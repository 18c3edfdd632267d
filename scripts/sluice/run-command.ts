import { type ParseArgsConfig, parseArgs } from 'node:util';
import { shownLines, shownText } from '@/lib/kernel/plain-text';
import { Refusal } from '@/lib/kernel/refusal';
import { type Command, UsageError } from './command';
import { commands } from './commands';
import { exitCodeOf, exitCodes } from './exit-code';
import { commandHelp, generalHelp, usageOf } from './help';
import { openInvocation } from './open-invocation';
import { StoreTrouble } from './store-trouble';

const everywhere = {
  json: { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

const ofSplit = { split: { type: 'string' } } as const satisfies ParseArgsConfig['options'];

/** Runs one command line and says how it ended. */
export async function runCommand(argv: readonly string[]): Promise<number> {
  const [verb, ...rest] = argv;
  if (verb === undefined || verb === '--help' || verb === '-h' || verb === 'help') {
    process.stdout.write(await generalHelp());
    return verb === undefined ? exitCodes.usage : exitCodes.ok;
  }
  try {
    const load = Object.hasOwn(commands, verb) ? commands[verb] : undefined;
    if (load === undefined)
      throw new UsageError(`There is no command "${verb}"; they are ${Object.keys(commands).join(', ')}.`);
    return await runVerb(verb, await load(), rest);
  } catch (error) {
    tell(error, rest.includes('--json') || npmSaysJson(), verb);
    return exitCodeOf(error);
  }
}

async function runVerb(verb: string, command: Command, args: string[]): Promise<number> {
  const parsed = parse(command, args);
  const { positionals } = parsed;
  const values = npmSaysJson() ? { ...parsed.values, json: true } : parsed.values;
  if (values.help === true) {
    process.stdout.write(commandHelp(verb, command));
    return exitCodes.ok;
  }
  const [fewest, most] = command.positionals ?? [0, 0];
  if (positionals.length < fewest || positionals.length > most)
    throw new UsageError(`Usage: sluice ${usageOf(command)}`);
  const call = openInvocation(verb, values, positionals);
  try {
    return (await command.run(call)) ?? exitCodes.ok;
  } catch (error) {
    throw call.inWords(error, command.writes);
  } finally {
    await call.close();
  }
}

/** `npm run sluice status --json`: npm takes the word for itself, and then keeps its banner out of stdout. */
function npmSaysJson(): boolean {
  return process.env.npm_lifecycle_event === 'sluice' && process.env.npm_config_json === 'true';
}

function parse(command: Command, args: string[]) {
  try {
    return parseArgs({
      args,
      options: { ...everywhere, ...(command.ofSplit && ofSplit), ...command.options },
      allowPositionals: true,
      strict: true,
    });
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${said}\nUsage: sluice ${usageOf(command)}`);
  }
}

function tell(error: unknown, json: boolean, verb: string): void {
  const detail = shownLines(error instanceof Error ? error.message : String(error));
  const code = error instanceof Refusal ? error.code : error instanceof UsageError ? 'usage' : 'error';
  const members = error instanceof Refusal || error instanceof StoreTrouble ? error.members : {};
  if (json) {
    process.stderr.write(`${shownText(JSON.stringify({ error: { code, detail, ...members } }))}\n`);
    return;
  }
  process.stderr.write(`sluice ${verb}: ${detail}\n`);
  const blockers = members.blockers as readonly { code: string; detail: string }[] | undefined;
  for (const { code: gate, detail: why } of blockers ?? []) process.stderr.write(`  ${gate}: ${shownText(why)}\n`);
}
