import { connect } from '@/lib/postgres/connection';
import { relayFigures } from '@/lib/relay/operate/relay-figures';
import type { Command } from '../../command';
import { tableLines } from '../../texts/table-lines';
import { relaysHere } from './relays-here';

const lastMs = 3_600_000;
/** Figures are kept by spans that end later than what is in them. */
const spanMs = 10_000;

/** One row an arm: where it leads, what it carries, whether it has a key, and what went through it in the last hour. */
export const list: Command['run'] = async (call) => {
  const controls = await call.controls();
  const [{ splits, providers }, listed, under] = await Promise.all([
    controls.registry.read(),
    controls.list(),
    relaysHere(call),
  ]);
  const figures = await figuresOf(call.database().url);
  const relays = splits
    .filter(({ kind, archived }) => kind === 'relay' && !archived)
    .flatMap(({ key, slug, match, arms }) => {
      const weights = listed.find((each) => each.key === key)?.weights ?? null;
      return arms.map((arm) => {
        const provider = providers.find(({ name }) => name === arm.provider);
        const relay = under.find((each) => each.provider === arm.provider);
        const { creates = 0, failures = 0, untracked = 0 } = figures.get(`${key} ${arm.name}`) ?? {};
        return {
          ...{ prefixes: match.prefixes ?? [], split: slug, arm: arm.name, share: weights?.[arm.name] ?? null },
          ...{ provider: arm.provider, state: provider?.state ?? null, base_url: provider?.baseUrl ?? null },
          ...{ path_prefix: provider?.options.path_prefix ?? null, dialect: relay?.dialect ?? null },
          ...{ key: keyText(relay), creates, failures, untracked },
        };
      });
    });
  const header = ['prefix', 'split', 'arm', 'share', 'provider', 'address', 'dialect', 'key'];
  const rows = relays.map((one) => [
    ...[
      one.prefixes.join(' '),
      one.split,
      one.arm,
      one.share === null ? '' : `${Number((one.share * 100).toFixed(2))} %`,
    ],
    ...[one.state === 'active' ? one.provider : `${one.provider} (${one.state})`],
    ...[
      `${one.base_url ?? ''}${one.path_prefix ?? ''}`,
      one.dialect,
      one.key,
      one.creates,
      one.failures,
      one.untracked,
    ],
  ]);
  const none = 'There is no relay: sluice splits add NAME --kind relay --prefix /NAME …';
  const counted = [...header, 'creates', 'failed', 'untracked'];
  call.answer({ relays, of_the_last_seconds: lastMs / 1000 }, rows.length === 0 ? [none] : tableLines(counted, rows));
  return undefined;
};

async function figuresOf(url: string) {
  const sql = connect(url, { name: 'cli', max: 1 });
  try {
    const rows = await relayFigures(sql, Date.now() - lastMs, Date.now() + spanMs);
    return new Map(rows.map((row) => [`${row.split} ${row.arm}`, row]));
  } finally {
    await sql.end({ timeout: 2 });
  }
}

function keyText(relay: Awaited<ReturnType<typeof relaysHere>>[number] | undefined): string {
  if (relay === undefined) return 'no relay';
  if (relay.scheme === 'none') return 'needs none';
  if (relay.keyFrom !== null) return relay.keyFrom;
  return relay.whyNot?.includes('cannot be read') ? 'cannot be read' : 'none';
}
