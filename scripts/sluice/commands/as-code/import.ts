import { writeFile } from 'node:fs/promises';
import { type ChannelsImported, type ImportChoice, importChannels } from '@/lib/as-code/new-api/import-channels';
import { DumpFault } from '@/lib/as-code/new-api/read-dump';
import { readState } from '@/lib/as-code/read-state';
import { planLines, planObject, slugsOf, unlistedLines } from '@/lib/as-code/tell/tell-plan';
import { shownText } from '@/lib/kernel/plain-text';
import { Refusal } from '@/lib/kernel/refusal';
import { globMatches } from '@/lib/registry/glob';
import { setKey } from '@/lib/registry/keys/stored-keys';
import { globShape } from '@/lib/split/name-shapes';
import { type Command, type Invocation, Said, textOption, UsageError } from '../../command';
import { applyPlan, bytesOf, planOfBytes, refuseAddresses, toldPlan, withConfig } from '../../config/plan-file';
import { withAccess } from '../../open-access';
import { secretKeyHere } from '../../secret-key-here';
import { textsOption } from '../../texts/arm-text';
import { importedLines, keyLines } from './imported-lines';

const mostBytes = 64_000_000;

export const importConfig: Command = {
  summary: 'take in the channels of new-api or one-api: providers, models and splits; writes with --apply only',
  writes: 'in steps',
  usage:
    'import new-api FILE [--apply] [--keys] [--group NAME] [--model GLOB]… [--private] [--providers-only] [--out FILE] [--confirm]',
  notes: [
    'FILE is a dump of the table channels (mysqldump, pg_dump, sqlite3 .dump) or what GET /api/channel/ answers; - is stdin.',
    'Without --apply nothing is written: what would change is shown, and what has no equal here.',
    '--keys seals the keys of the dump; without it they are asked for later, by sluice keys set NAME. No key is ever shown.',
    '--model takes models for images whatever they are called; --private takes in addresses of your own network.',
    '--out writes it as a file for sluice plan and sluice apply.',
  ],
  options: {
    apply: { type: 'boolean' },
    keys: { type: 'boolean' },
    group: { type: 'string' },
    model: { type: 'string', multiple: true },
    private: { type: 'boolean' },
    'providers-only': { type: 'boolean' },
    out: { type: 'string' },
    confirm: { type: 'boolean' },
  },
  positionals: [2, 2],
  async run(call) {
    const [what, file = ''] = call.positionals;
    if (what !== 'new-api') throw new UsageError(`Usage: sluice ${importConfig.usage}`);
    const secretKey = call.values.keys === true && call.values.apply === true ? secretKeyHere(call) : null;
    if (secretKey !== null && 'whyNot' in secretKey)
      throw new Refusal('secret-key-missing', `Nothing was written: ${secretKey.whyNot}.`);
    const bytes = await bytesOf(file, mostBytes);
    return withConfig(call, async (config) => {
      const read = readDump(file, bytes, await readState(config.sql), choiceOf(call));
      await writeOut(call, read.yaml);
      const plan = await planOfBytes(config.sql, `${shownText(file)}, as sluice.yaml,`, Buffer.from(read.yaml));
      const told = await toldPlan(call, config, plan);
      const { yaml: _, providers, ...rest } = read;
      const answer = {
        ...planObject(told),
        ...rest,
        providers: providers.map(({ key, ...each }) => ({ ...each, has_key: key !== null })),
      };
      // What else there is stays as it is: nothing of it could go.
      const unlisted = unlistedLines(plan, slugsOf(plan));
      const lines = [...planLines(told).filter((line) => !unlisted.includes(line)), ...importedLines(read)];
      if (call.values.apply !== true) {
        const end =
          told.refused === null ? ['Nothing was written. Add --apply to write it.'] : ['Nothing was written.'];
        call.answer({ ...answer, applied: 0 }, [...lines, ...keyLines(read), ...end]);
        return told.refused === null ? 0 : 1;
      }
      if (told.refused !== null) throw new Said(`Nothing was applied. ${told.refused}`);
      if (told.warnings.length > 0 && call.values.confirm !== true) {
        const why = told.warnings.join(' ');
        throw new Refusal('confirmation-needed', `Nothing was applied. ${why} Apply it with --confirm.`);
      }
      await refuseAddresses(config, plan);
      if (!call.json) for (const line of lines) call.say(line);
      await call.confirm(`Apply ${plan.changes.length} changes?`);
      if (plan.changes.length > 0) await applyPlan(call, config, plan);
      const sealed = call.values.keys === true ? await sealKeys(call, read) : [];
      call.answer({ ...answer, applied: plan.changes.length, keys: sealed }, [
        `Applied ${plan.changes.length} changes.`,
        ...(call.values.keys === true
          ? sealed.map(({ provider, what: said }) => `key of ${provider}: ${said}`)
          : keyLines(read)),
      ]);
      return 0;
    });
  },
};

function choiceOf({ values }: Invocation): ImportChoice {
  const globs = textsOption(values, 'model');
  const wrong = globs.find((glob) => !globShape.test(glob));
  if (wrong !== undefined)
    throw new UsageError(`--model is "${shownText(wrong)}"; it must be a model's name or a glob such as "my-image-*".`);
  return {
    ...{ isPrivate: values.private === true, hasSplits: values['providers-only'] !== true },
    ...{ group: textOption(values, 'group'), isImage: (model) => globs.some((glob) => globMatches(glob, model)) },
  };
}

function readDump(file: string, bytes: Uint8Array, ...rest: [Parameters<typeof importChannels>[1], ImportChoice]) {
  try {
    return importChannels(bytes, ...rest);
  } catch (error) {
    if (error instanceof DumpFault) throw new UsageError(`Nothing was read: ${shownText(file)} ${error.message}.`);
    throw error;
  }
}

async function writeOut(call: Invocation, yaml: string): Promise<void> {
  const out = textOption(call.values, 'out');
  if (out === null) return;
  try {
    await writeFile(out, yaml, { flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EEXIST' ? 'is there already' : `cannot be written (${code})`;
    throw new UsageError(`Nothing was written: ${shownText(out)} ${why}.`);
  }
  if (!call.json) call.say(`Written to ${out}.`);
}

/** Each by itself: one that cannot be a key keeps no other from being stored. */
async function sealKeys(call: Invocation, { providers }: ChannelsImported) {
  return withAccess(call, async ({ keys }) => {
    const stored = new Set((await keys.list()).flatMap((row) => (row.retired_at === null ? [row.provider] : [])));
    const told: { readonly provider: string; readonly what: string }[] = [];
    for (const { name: provider, key } of providers) {
      if (key === null) told.push({ provider, what: `not in the dump; sluice keys set ${provider}` });
      else if (stored.has(provider)) told.push({ provider, what: 'it has one already, which stays' });
      else told.push({ provider, what: await sealed(call, keys, provider, key) });
    }
    return told;
  });
}

async function sealed(call: Invocation, store: Parameters<typeof setKey>[0], provider: string, key: string) {
  try {
    const { version } = await setKey(store, secretKeyHere(call), { provider, key }, call.actor);
    return `stored, version ${version}`;
  } catch (error) {
    if (error instanceof Refusal) return `${error.message} Give another: sluice keys set ${provider}`;
    throw error;
  }
}
