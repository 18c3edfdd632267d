import { type Finding, ok, problem, warning } from '../checks/finding';

interface Web {
  readonly kind: string;
  readonly host: string;
  /** null: it is of before processes said it. */
  readonly servesRelays?: boolean | null;
}

const how = 'read sluice.splits, and what each web process says of itself in sluice.instances';
const fix = 'run the front where callers arrive: npm start; plain next start and serverless functions answer 501';

/** Relays that are registered, by their slugs, and that a caller cannot reach although a web process runs. */
export function checkFronts(relays: readonly string[], instances: readonly Web[]): readonly Finding[] {
  const all = instances.filter(({ kind }) => kind === 'web');
  const webs = all.filter(({ servesRelays }) => typeof servesRelays === 'boolean');
  if (relays.length === 0 || webs.length === 0) return [];
  const without = webs.filter(({ servesRelays }) => !servesRelays);
  const [named, are] = relays.length === 1 ? ['the relay', 'is'] : ['the relays', 'are'];
  const them = `${named} ${relays.join(', ')}`;
  if (without.length === 0) return [ok('front', `${them} ${are} served by ${counted(webs.length)}`, how)];
  const hosts = [...new Set(without.map(({ host }) => host))].join(', ');
  const plain = `${counted(without.length)} on ${hosts} run${without.length === 1 ? 's' : ''} without the front`;
  // One that does not say may have a front.
  if (without.length === all.length)
    return [problem('front', `${them} cannot be reached: ${plain}, and no other runs`, how, fix)];
  return [warning('front', `${them} can be reached at some processes only: ${plain}`, how, fix)];
}

const counted = (count: number) => `${count} web process${count === 1 ? '' : 'es'}`;
