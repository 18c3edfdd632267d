import { readFile } from 'node:fs/promises';
import { excerpt } from '@/lib/kernel/excerpt';
import { Refusal } from '@/lib/kernel/refusal';
import { wantedDialect } from '@/lib/registry/dialects/wanted-dialect';
import { allDialects, type ShownDialect } from '@/lib/relay/dialects/all-dialects';
import { type Command, type Invocation, textOption, UsageError, verbOf, writtenBy } from '../../command';
import { tableLines } from '../../texts/table-lines';

type Verb = (call: Invocation) => Promise<void>;

async function known(call: Invocation): Promise<{ readonly version: number; readonly all: readonly ShownDialect[] }> {
  const registry = await (await call.controls()).registry.read();
  return { version: registry.version, all: allDialects(registry) };
}

const list: Verb = async (call) => {
  const { version, all } = await known(call);
  const rows = all.map(({ name, shipped, rules, providers }) => [
    ...[name, shipped ? 'ships' : 'your own', String(rules.creates.length), rules.free.length > 0 ? 'yes' : 'no'],
    providers.join(', '),
  ]);
  call.answer(
    { version, dialects: all },
    tableLines(['dialect', 'is', 'creates', 'free questions', 'spoken by'], rows),
  );
};

/** Its rules, as `add` takes them back. */
const show: Verb = async (call) => {
  const { all } = await known(call);
  const found = all.find(({ name }) => name === nameOf(call));
  if (found === undefined) throw noSuch(nameOf(call));
  call.answer(found, JSON.stringify(found.rules, null, 2).split('\n'));
};

const add: Verb = async (call) => {
  const name = nameOf(call);
  const { all } = await known(call);
  const found = all.find((one) => one.name === name);
  if (found?.shipped) throw new UsageError(`${name} ships with Sluice and stays as it is; call yours otherwise.`);
  if (found) throw new UsageError(`The dialect ${name} is there already. Change it: sluice dialects set ${name} …`);
  await put(call, name, 'is added; a provider speaks it by --options');
};

const set: Verb = async (call) => {
  const name = nameOf(call);
  const { all } = await known(call);
  if (!all.some((one) => one.name === name && !one.shipped)) throw noSuch(name);
  await put(call, name, 'is changed, and spoken so from now on:');
};

async function put(call: Invocation, name: string, done: string): Promise<void> {
  const dialect = wantedDialect(name, await rulesOf(call));
  const { registry } = await call.controls();
  await call.confirm(`Write the dialect ${name}?`);
  const version = await registry.putDialect(dialect, writtenBy(call));
  call.answer({ ...dialect, registry_version: version }, [`dialects: ${name} ${done} {"dialect":"${name}"}`]);
}

async function rulesOf({ values }: Invocation): Promise<unknown> {
  const file = textOption(values, 'rules');
  if (file === null) throw usage();
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new UsageError(`--rules is ${file}, which cannot be read: ${error.message}.`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is no JSON: ${(error as Error).message}.`);
  }
}

const remove: Verb = async (call) => {
  const name = nameOf(call);
  const { registry } = await call.controls();
  await call.confirm(`Remove the dialect ${name}?`);
  const version = await registry.removeDialect(name, writtenBy(call));
  call.answer({ removed: name, registry_version: version }, [`dialects: ${name} is removed.`]);
};

const verbs: Readonly<Record<string, Verb>> = { list, show, add, set, remove };

export const dialects: Command = {
  summary: 'what tells a relay which requests begin jobs and how their states read: list, show, add, set, remove',
  writes: 'at once',
  usage: 'dialects [list | show NAME | add NAME --rules FILE | set NAME --rules FILE | remove NAME]',
  notes: [
    'FILE is JSON, as show prints it; a change is spoken by every process at once, for jobs that run, too.',
    'A dialect that a provider speaks is not removed; those that ship stay as they are.',
  ],
  options: { rules: { type: 'string' }, reason: { type: 'string' } },
  positionals: [0, 2],
  async run(call) {
    const verb = verbOf(verbs, call, dialects.usage, 'list');
    await verb(call);
    return undefined;
  },
};

function nameOf({ positionals: [, name] }: Invocation): string {
  if (name === undefined) throw usage();
  return name;
}

const noSuch = (name: string) =>
  new Refusal('no-such-dialect', `There is no dialect "${excerpt(name)}" of yours. There are: sluice dialects list.`);
const usage = () => new UsageError(`Usage: sluice ${dialects.usage}`);
