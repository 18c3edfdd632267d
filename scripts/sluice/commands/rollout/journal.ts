import type { JournalEntry } from '@/lib/api/journal-entry';
import { readEntry } from '@/lib/control/journal/read-journal';
import { journalCsv } from '@/lib/doors/control/journal-csv';
import { excerpt } from '@/lib/kernel/excerpt';
import { type Command, type Invocation, instantOption, integerOption, textOption, UsageError } from '../../command';
import { verifyJournal } from '../../verify-journal';

export const journal: Command = {
  summary:
    'every change, newest first; one entry by its id; --verify checks the hash chains, the guards and what was anchored',
  usage:
    'journal [ID] [--limit N] [--actor TEXT] [--verb VERB] [--text TEXT] [--from ISO] [--to ISO] [--csv] [--verify [--anchor FILE|TEXT]]',
  ofSplit: true,
  options: {
    limit: { type: 'string' },
    actor: { type: 'string' },
    verb: { type: 'string' },
    text: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    csv: { type: 'boolean' },
    verify: { type: 'boolean' },
    anchor: { type: 'string' },
  },
  positionals: [0, 1],
  async run(call) {
    const { values, positionals } = call;
    if (values.verify === true) return verifyJournal(call);
    if (values.anchor !== undefined) throw new UsageError('--anchor says what --verify compares with: give both.');
    const { first: control } = await call.controls();
    const [id] = positionals;
    if (id !== undefined) {
      if (!/^[1-9]\d{0,14}$/.test(id)) throw new UsageError(`"${excerpt(id)}" is not the id of an entry.`);
      const entry = await readEntry(control, Number(id));
      call.answer(entry, [lineOf(entry), ...JSON.stringify(entry.evidence, null, 2).split('\n')]);
      return undefined;
    }
    const entries = await control.journal.list({
      limit: Math.min(10_000, Math.max(1, integerOption(values, 'limit', 20))),
      ...given('split', await splitAsked(call)),
      ...given('actor', textOption(values, 'actor')),
      ...given('verb', textOption(values, 'verb')),
      ...given('text', textOption(values, 'text')),
      ...given('fromMs', instantOption(values, 'from')),
      ...given('toMs', instantOption(values, 'to')),
    });
    if (values.csv === true) process.stdout.write(journalCsv(entries));
    else call.answer({ entries }, entries.map(lineOf));
    return undefined;
  },
};

/** Without --split the journal is that of everything. */
async function splitAsked(call: Invocation): Promise<string | null> {
  if (textOption(call.values, 'split') === null) return null;
  return (await call.control()).facts.split;
}

function given<T>(name: string, value: T | null | undefined): Record<string, T> {
  return value === null || value === undefined ? {} : { [name]: value };
}

function lineOf(entry: JournalEntry): string {
  const stages = entry.stage_from === entry.stage_to ? entry.stage_to : `${entry.stage_from} → ${entry.stage_to}`;
  const reason = entry.reason ? `  "${entry.reason}"` : '';
  return `${entry.id}  ${entry.at}  ${entry.actor}  ${entry.verb}  ${entry.flag_key}  ${stages ?? ''}  ${entry.was ?? '∅'} → ${entry.becomes ?? '∅'}${reason}`;
}
