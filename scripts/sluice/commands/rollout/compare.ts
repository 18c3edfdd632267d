import {
  type ComparisonItem,
  type ComparisonMade,
  type ComparisonPrice,
  type ComparisonSide,
  comparisonChoices,
  comparisonSides,
} from '@/lib/api/comparisons-view';
import { excerpt } from '@/lib/kernel/excerpt';
import { askService } from '../../clients/ask-service';
import { type Command, type Invocation, reasonOption, Said, textOption, UsageError } from '../../command';

export const compare: Command = {
  summary: 'one prompt at the baseline and a candidate: where both images lie, how long they took, what they cost',
  usage:
    'compare --prompt TEXT [--model NAME] [--candidate ARM] [--blind] | compare --vote left|right|neither --of ID [--reason TEXT]',
  notes: [
    'Run by the service, outside of every sample: at --url, SLUICE_PUBLIC_URL or PORT of this machine, as whoever SLUICE_TOKEN or SLUICE_ADMIN_TOKEN belongs to.',
    'The prompt is kept nowhere; its digest, who ran it and what it cost are journaled.',
  ],
  ofSplit: true,
  options: {
    prompt: { type: 'string' },
    model: { type: 'string' },
    candidate: { type: 'string' },
    blind: { type: 'boolean' },
    vote: { type: 'string' },
    of: { type: 'string' },
    reason: { type: 'string' },
    url: { type: 'string' },
    yes: { type: 'boolean' },
  },
  writes: 'at once',
  async run(call) {
    const prompt = textOption(call.values, 'prompt');
    const vote = textOption(call.values, 'vote');
    if ((prompt === null) === (vote === null)) throw new UsageError('compare takes --prompt, or --vote with --of.');
    if (prompt !== null) await run(call, prompt);
    else await voteOn(call, vote ?? '');
    return undefined;
  },
};

async function run(call: Invocation, prompt: string): Promise<void> {
  const { values } = call;
  const door = await doorOf(call);
  const [model, candidate] = [textOption(values, 'model'), textOption(values, 'candidate')];
  const asked = { prompt, ...(model !== null && { model }), ...(candidate !== null && { candidate }) };
  const price = await askService<ComparisonPrice>(values, door, { ...asked, dry_run: true });
  const cost = price.cost_usd === null ? 'what nobody knows yet' : `about $${price.cost_usd}`;
  await call.confirm(`Run it at ${price.arms.map(({ arm }) => arm).join(' and ')}? It costs ${cost}.`);
  const made = await askService<ComparisonMade>(values, door, { ...asked, blind: values.blind === true });
  const lines = comparisonSides.flatMap((name) => [
    `${name}: ${sideText(made.sides[name])}`,
    ...made.images[name].map(
      ({ url }) => `  ${url.startsWith('data:') ? 'came with its bytes, without an address' : url}`,
    ),
  ]);
  const total = made.cost_usd === null ? [] : [`cost: $${made.cost_usd}`];
  call.answer(made, [...lines, ...total, `Vote: sluice compare --vote left|right|neither --of ${made.id}`]);
}

async function voteOn(call: Invocation, said: string): Promise<void> {
  const choice = comparisonChoices.find((each) => each === said);
  if (choice === undefined) throw new UsageError(`--vote is "${excerpt(said)}"; it must be left, right or neither.`);
  const id = textOption(call.values, 'of') ?? '';
  if (!/^[1-9]\d{0,14}$/.test(id)) throw new UsageError('--of must be the number of a comparison.');
  const reason = reasonOption(call.values);
  const now = await askService<ComparisonItem>(call.values, `${await doorOf(call)}/${id}/vote`, { choice, reason });
  const chosen = now.votes.find((vote) => vote.choice === choice)?.arm ?? 'neither';
  call.answer(now, [`Voted: ${chosen}.`, ...comparisonSides.map((name) => `${name}: ${sideText(now.sides[name])}`)]);
}

async function doorOf(call: Invocation): Promise<string> {
  const { facts } = await call.control('writing');
  if (!/^[a-z][a-z0-9-]*$/.test(facts.slug)) throw new Said(`The split ${facts.split} has no name for addresses.`);
  return `/api/splits/${facts.slug}/comparisons`;
}

function sideText({ ok, arm, provider, model, latency_ms, cost_usd, error, error_kind }: ComparisonSide): string {
  const place = arm === null ? 'told after a vote' : arm === provider ? arm : `${arm} (${provider})`;
  const figures = [latency_ms === null ? null : `${latency_ms} ms`, cost_usd === null ? null : `$${cost_usd}`];
  const why = ok ? model : `failed (${error_kind ?? 'error'})${error === null ? '' : `: ${error}`}`;
  return [place, why, ...figures].filter((each) => each !== null).join(', ');
}
