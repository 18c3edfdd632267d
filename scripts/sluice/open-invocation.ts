import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { type OpenControl, openControl } from '@/lib/wire';
import { Declined, type Invocation, UsageError, type Values } from './command';
import { databaseUrl } from './database-url';

export type OpenInvocation = Invocation & { close(): Promise<void> };

export function openInvocation(values: Values, positionals: readonly string[]): OpenInvocation {
  const json = values.json === true;
  let opened: Promise<OpenControl> | null = null;
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  return {
    values,
    positionals,
    json,
    actor: `cli:${userInfo().username}`,
    databaseUrl,
    async control() {
      opened ??= openControl(databaseUrl());
      return (await opened).control;
    },
    say,
    answer(value, lines) {
      if (json) say(JSON.stringify(value));
      else for (const line of lines) say(line);
    },
    async confirm(question) {
      if (values.yes === true) return;
      if (!process.stdin.isTTY || json) throw new UsageError('This writes; add --yes where nobody can be asked.');
      const asking = createInterface({ input: process.stdin, output: process.stderr });
      const said = await asking.question(`${question} [y/N] `);
      asking.close();
      if (!/^y(es)?$/i.test(said.trim())) throw new Declined('Nothing was written.');
    },
    async close() {
      await (await opened?.catch(() => null))?.close();
    },
  };
}
