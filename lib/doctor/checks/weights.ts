import { weightsText } from '@/lib/split/weights';
import type { RolloutFacts } from '../diagnosis';
import { type Finding, ok, problem, skipped } from './finding';

const liveSeconds = 30;
const silentSeconds = 40;
/** A heartbeat written before this much time had passed since the write does not tell whether the process follows. */
const followSeconds = 2;

/** The row itself, and what each living instance really routes by. */
export function checkWeights({ weights, instances, lastWeb }: RolloutFacts, nowMs: number): readonly Finding[] {
  const how = 'read the row GEN_PROVIDER_WEIGHTS';
  if (weights === null) {
    const fix =
      "npm run sluice -- rollback writes the row again, with the baseline's weights; npm run sluice -- weights writes others";
    return [problem('weights', `there is no row; ${routedText(instances)}`, how, fix)];
  }
  if (weights.fault !== null) {
    const fix = 'npm run sluice -- rollback, or write valid weights';
    return [problem('weights', `the stored weights are invalid: ${weights.fault}; ${routedText(instances)}`, how, fix)];
  }
  return [
    ok('weights', `${weights.text} at version ${weights.version}`, how),
    ...staleness(weights.version, (nowMs - weights.writtenAtMs) / 1000, instances),
    ...silence(lastWeb),
  ];
}

/** What really happens to requests while the row says nothing that can be used. */
function routedText(instances: RolloutFacts['instances']): string {
  const webs = instances.filter(({ kind, ageSeconds }) => kind === 'web' && ageSeconds <= liveSeconds);
  const texts = webs.map(({ weights }) => (weights === null ? 'weights it does not tell' : weightsText(weights)));
  const counts = [...new Set(texts)].map((text) => `${texts.filter((each) => each === text).length} by ${text}`);
  if (counts.length === 0)
    return 'no web process is alive; one that starts routes by its file of the last run, else by the baseline';
  return `living web processes go on routing by what they last knew: ${counts.join(', ')}`;
}

function silence(lastWeb: RolloutFacts['lastWeb']): readonly Finding[] {
  if (lastWeb === null || lastWeb.ageSeconds <= silentSeconds) return [];
  const { id, host, ageSeconds } = lastWeb;
  const what = `no web process is alive: ${id} on ${host} was heard last, ${Math.round(ageSeconds)} s ago, and did not say goodbye`;
  const fix = 'start it again (npm start, or the unit sluice), or see why it does not reach the database';
  return [problem('web', what, 'read the heartbeats', fix)];
}

function staleness(version: number, writtenAgo: number, instances: RolloutFacts['instances']): readonly Finding[] {
  const how = "compared the row's version with each heartbeat";
  const webs = instances.filter(({ kind, ageSeconds }) => kind === 'web' && ageSeconds <= liveSeconds);
  if (webs.length === 0) return [skipped('stale weights', 'no web process is alive', how)];
  const told = webs.filter((web) => web.version === version || web.ageSeconds + followSeconds < writtenAgo);
  if (told.length === 0) return [skipped('stale weights', 'no heartbeat is newer than the write of the weights', how)];
  const stale = told.filter((web) => web.version !== version);
  if (stale.length === 0) return [ok('stale weights', `all ${told.length} web processes route by ${version}`, how)];
  return stale.map((web) =>
    problem(
      'stale weights',
      `${web.id} on ${web.host} routes by version ${web.version ?? 'none'}, the row is at ${version}`,
      how,
      'see that process reach the database; restart it if it stays behind for more than 2 s',
    ),
  );
}
