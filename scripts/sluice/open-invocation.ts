import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { shownText } from '@/lib/kernel/plain-text';
import { type OpenControl, openControl } from '@/lib/process/open-control';
import { databaseText, type KnownDatabase, knownDatabase, surroundings } from '../known-database';
import { chooseSplit } from './choose-split';
import { Declined, type Invocation, textOption, UsageError, type Values } from './command';
import { inWords } from './store-trouble';

interface OpenInvocation extends Invocation {
  close(): Promise<void>;
}

export function openInvocation(verb: string, values: Values, positionals: readonly string[]): OpenInvocation {
  const json = values.json === true;
  let opened: Promise<OpenControl> | null = null;
  let database: KnownDatabase | null = null;
  let isWriting = false;
  // Stored text may hold what a terminal would obey: that is written out.
  const say = (line: string) => void process.stdout.write(`${shownText(line)}\n`);
  const known = () => {
    database ??= knownDatabase();
    return database;
  };
  const nameDatabase = () => {
    const text = databaseText(known());
    // With --json what is said is one object, which names the database itself.
    if (!isWriting && !json) process.stderr.write(`sluice ${verb}: this writes to ${text}\n`);
    isWriting = true;
  };
  const controls = async () => {
    opened ??= openControlOf(known());
    return (await opened).controls;
  };
  return {
    values,
    positionals,
    json,
    actor: `cli:${userInfo().username}`,
    database: known,
    controls,
    async control(act = 'reading') {
      if (act !== 'reading' && values.yes === true) nameDatabase();
      const mayAsk = process.stdin.isTTY && !json;
      return chooseSplit(await controls(), { verb, slug: textOption(values, 'split'), act, mayAsk });
    },
    say,
    answer(value, lines) {
      if (json) say(JSON.stringify(withDatabase(value, database)));
      else for (const line of lines) say(line);
      if (!json && isWriting) say(`database: ${known().place.name} on ${known().place.host}`);
    },
    nameDatabase,
    async confirm(question) {
      nameDatabase();
      if (values.yes === true) return;
      if (!process.stdin.isTTY || json)
        throw new UsageError(
          'This writes; add --yes where nobody can be asked (with npm run after --, or npm keeps it).',
        );
      const asking = createInterface({ input: process.stdin, output: process.stderr });
      const said = await asking.question(`${question} [y/N] `);
      asking.close();
      if (!/^y(es)?$/i.test(said.trim())) throw new Declined('Nothing was written.');
    },
    inWords: (error, writes) => inWords(error, database, { writes, begun: isWriting }),
    async close() {
      await (await opened?.catch(() => null))?.close();
    },
  };
}

function openControlOf({ url }: KnownDatabase): Promise<OpenControl> {
  const { GEN_BASELINE_COST_USD: cost, SLUICE_POOLED: pooled } = surroundings().env;
  return openControl(url, { environmentCostUsd: cost ?? null, ...(pooled === undefined ? {} : { pooled }) });
}

/** An answer says which database it speaks of; a list, or what was read from no database, stays as it is. */
function withDatabase(value: unknown, database: KnownDatabase | null): unknown {
  if (database === null || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return { ...value, database: database.place };
}
