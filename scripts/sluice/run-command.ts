import { type ParseArgsConfig, parseArgs } from 'node:util';
import { excerpt } from '@/lib/kernel/excerpt';
import { shownLines, shownText } from '@/lib/kernel/plain-text';
import { Refusal } from '@/lib/kernel/refusal';
import { type Command, UsageError } from './command';
import { commands } from './commands';
import { exitCodeOf, exitCodes } from './exit-code';
import { commandHelp, generalHelp, usageOf } from './help';
import { openInvocation } from './open-invocation';
import { StoreTrouble } from './store-trouble';
import { fitted } from './texts/fitted';

const everywhere = {
  json: { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options'];

const ofSplit = { split: { type: 'string' } } as const satisfies ParseArgsConfig['options'];

/** Runs one command line and says how it ended. */
export async function runCommand(argv: readonly string[]): Promise<number> {
  const [verb, ...rest] = argv;
  const isHelp = verb === '--help' || verb === '-h' || verb === 'help';
  if (verb === undefined || (isHelp && rest.length === 0)) {
    showHelp(await generalHelp());
    return verb === undefined ? exitCodes.usage : exitCodes.ok;
  }
  try {
    const [name, args] = isHelp ? [rest[0] ?? '', ['--help']] : [verb, rest];
    return await runVerb(name, await commandNamed(name), args);
  } catch (error) {
    tell(error, rest.includes('--json') || npmSaysJson(), verb);
    return exitCodeOf(error);
  }
}

function commandNamed(name: string): Promise<Command> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load !== undefined) return load();
  if (name.startsWith('-')) throw new UsageError(`Options stand behind the command: sluice COMMAND ${excerpt(name)}.`);
  throw new UsageError(`There is no command "${excerpt(name)}"; they are ${Object.keys(commands).join(', ')}.`);
}

async function runVerb(verb: string, command: Command, args: string[]): Promise<number> {
  const parsed = parse(command, args);
  const { positionals } = parsed;
  const values = npmSaysJson() ? { ...parsed.values, json: true } : parsed.values;
  if (values.help === true) {
    showHelp(commandHelp(verb, command));
    return exitCodes.ok;
  }
  const [fewest, most] = command.positionals ?? [0, 0];
  if (positionals.length > most) throw wrong(command, `"${excerpt(positionals[most] ?? '')}" is more than it takes.`);
  if (positionals.length < fewest) throw new UsageError(`Usage: sluice ${usageOf(command)}`);
  const call = openInvocation(verb, values, positionals);
  try {
    return (await command.run(call)) ?? exitCodes.ok;
  } catch (error) {
    throw call.inWords(error, command.writes);
  } finally {
    await call.close();
  }
}

function showHelp(help: string): void {
  const { isTTY, columns } = process.stdout;
  process.stdout.write(fitted(help, isTTY && columns > 0 ? columns : Number.POSITIVE_INFINITY));
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
    throw wrong(command, optionFault(cause as Error & { code?: string }));
  }
}

const wrong = (command: Command, said: string) => new UsageError(`${said}\nUsage: sluice ${usageOf(command)}`);

/** What Node found, in fewer words than it uses. */
function optionFault({ code, message }: Error & { code?: string }): string {
  const [, name = ''] = /'(-[^\s']*)/.exec(message) ?? [];
  const isNumber = /^-\d/.test(name);
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
    return `There is no option ${excerpt(name)} here${isNumber ? '; a word that begins with "-" stands behind --' : ''}.`;
  if (/ambiguous/.test(message)) return `${name} needs a value; one that begins with "-" is written ${name}=-…`;
  return /missing/.test(message) ? `${name} needs a value.` : `${name} takes no value.`;
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
