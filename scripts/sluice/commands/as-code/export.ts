import { readFile, writeFile } from 'node:fs/promises';
import { writeConfig } from '@/lib/as-code/file/write-file';
import { readState } from '@/lib/as-code/read-state';
import { shownText } from '@/lib/kernel/plain-text';
import { type Command, UsageError } from '../../command';
import { withConfig } from '../../config/plan-file';

export const exportConfig: Command = {
  summary: 'what is registered, as sluice.yaml: splits, arms, policies, providers, models, callers, channels',
  usage: 'export [FILE] [--yes]',
  notes: [
    `Never keys, weights, latches or pauses. Addresses of channels are written as \${NAME} of the environment.`,
    'A file that is there and says otherwise is written over with --yes only: its comments would be lost.',
  ],
  positionals: [0, 1],
  run: (call) =>
    withConfig(call, async ({ sql }) => {
      const text = writeConfig(await readState(sql), schemaUrl());
      const [file] = call.positionals;
      if (file === undefined || file === '-') {
        if (call.json) call.answer({ yaml: text }, []);
        else process.stdout.write(text);
        return 0;
      }
      await refuseOverwriting(file, text, call.values.yes === true);
      await writeFile(file, text);
      call.answer({ file }, [`Written to ${file}.`]);
      return 0;
    }),
};

function schemaUrl(): string {
  const base = process.env.SLUICE_PUBLIC_URL || `http://127.0.0.1:${process.env.PORT ?? 3000}`;
  return `${base}/api/sluice.schema.json`;
}

async function refuseOverwriting(file: string, text: string, isMeant: boolean): Promise<void> {
  const before = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new UsageError(`Nothing was written: ${shownText(file)} cannot be read (${error.code}).`);
  });
  if (before === null || before === text || isMeant) return;
  throw new UsageError(
    `Nothing was written: ${shownText(file)} is there and says otherwise, and its comments would be lost. Add --yes to write over it.`,
  );
}
