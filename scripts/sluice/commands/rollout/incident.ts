import { harmLines, incidentLines, incidentMarkdown } from '@/lib/api/incident-markdown';
import { readIncident } from '@/lib/charts/incident/read-incident';
import type { ChartedControl } from '@/lib/charts/series-store';
import { excerpt } from '@/lib/kernel/excerpt';
import { type Command, Said, UsageError } from '../../command';
import { tableLines } from '../../texts/table-lines';

export const incident: Command = {
  summary: 'one rollback: what decided it, who was hurt, what was changed before',
  usage: 'incident show [SEQ] [--markdown]',
  notes: [
    "SEQ is the rollback's number in the journal of the split's weights: `seq` in `sluice journal --json`. Left out: the last.",
  ],
  ofSplit: true,
  options: { markdown: { type: 'boolean' } },
  positionals: [1, 2],
  async run(call) {
    const [verb, said] = call.positionals;
    if (verb !== 'show') throw new UsageError('incident takes show and the number of a rollback.');
    if (said !== undefined && !/^[1-9]\d{0,14}$/.test(said))
      throw new UsageError(`"${excerpt(said)}" is not the number of a rollback.`);
    const control = await call.control();
    const view = await readIncident(control, said === undefined ? await lastOf(control) : Number(said));
    if (call.values.markdown === true) {
      call.answer({ markdown: incidentMarkdown(view) }, incidentMarkdown(view).trimEnd().split('\n'));
      return undefined;
    }
    const kinds = view.failures.map(({ arm, kind, model, requests, rescued, example }) => {
      return [arm, kind, model, requests, rescued, example?.request_id];
    });
    const header = ['arm', 'kind', 'model', 'requests', 'rescued', 'newest'];
    call.answer(view, [
      ...[view.entry.reason ?? 'No reason was given.', '', ...incidentLines(view), '', ...harmLines(view)],
      ...(kinds.length === 0 ? [] : ['', ...tableLines(header, kinds)]),
    ]);
    return undefined;
  },
};

async function lastOf({ journal, facts }: ChartedControl): Promise<number> {
  const [last] = await journal.list({ flagKey: facts.split, verb: 'rollback', limit: 1 });
  if (last === undefined) throw new Said(`${facts.slug} was never rolled back.`);
  return last.seq;
}
