import type { AlertKind, AlertView } from '@/lib/api/alerts';
import type { AlertStore } from '@/lib/control/alerts/alert-store';
import type { SplitRow } from '@/lib/control/flags/stored-flags';
import { newsOf } from '@/lib/control/rollout/as-instances-say';
import type { JudgedRollout } from '@/lib/control/rollout/rollout-now';
import { explain, explainWarning } from '@/lib/rule/explain';
import { isCrossed } from '@/lib/rule/hold';
import type { Decision, LineVerdict } from '@/lib/rule/verdict';
import type { Policy } from '@/lib/split/policy/policy';
import { isLive } from '@/lib/split/stages';
import { weightsText } from '@/lib/split/weights';

interface TickAlert {
  readonly kind: AlertKind;
  readonly key: string;
  readonly detail: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly blocksAdvance: boolean;
}

/** A crossing that luck explains better than once in a hundred is the rule at work, not news. */
const newsworthyChance = 0.01;

/** Kinds that a tick raises and ends; the others are ended where they begin. */
const managed: readonly AlertKind[] = [
  'breach_begun',
  'held_not_acted',
  'early_warning',
  'missed_hold',
  'blind',
  'watchdog_silent',
  'provider_unconfigured',
  'policy_invalid',
  'weights_invalid',
  'weights_missing',
  'rolled_back',
];

/** Everything a person should hear of now, by the state alone. */
function alertsOf(rollout: JudgedRollout): TickAlert[] {
  const { decision, policy, blind } = rollout;
  return [
    ...(isJudged(rollout) ? judgedAlerts(rollout) : []),
    ...decision.missed.map((missed) => missedAlert(missed, policy.policy)),
    ...(blind.instances.length > 0 ? [blindAlert(blind.instances)] : []),
    ...unconfigured(rollout),
    ...weightsAlerts(rollout.row),
    ...(policy.fault === null ? [] : [policyAlert(policy.fault)]),
  ];
}

/** A line that is crossed is news of what is routed; after a rollback, that alert tells the whole story. */
function isJudged({ row, policy: { policy } }: JudgedRollout): boolean {
  return !row.latched && isLive(row.weights, policy);
}

function judgedAlerts({ decision, policy: { policy }, alerts: open, row }: JudgedRollout): TickAlert[] {
  // An arm that was rolled back alone has an alert of its own, which says all.
  const isIn = ({ arm }: { readonly arm: string }) => row.arms[arm]?.latchedAtMs == null;
  return [
    ...decision.lines.filter(isIn).flatMap((line) => lineAlerts(line, policy, open)),
    ...decision.warnings.filter(isIn).map((warning) => warningAlert(warning, decision.lines, policy)),
  ];
}

/** Two candidates may cross the same line; of an only one the metric says enough. */
const keyOf = ({ arm, metric }: Pick<LineVerdict, 'arm' | 'metric'>, { candidates }: Policy): string =>
  candidates.length === 1 ? metric : `${metric} ${arm}`;

/** The gate `early_warning` blocks while it stands; one that has cleared needs no acknowledgement. */
function warningAlert(warning: Decision['warnings'][number], lines: readonly LineVerdict[], policy: Policy): TickAlert {
  const { metric, sinceMs, odds } = warning;
  const { baseline } = policy;
  const params = { metric, since: new Date(sinceMs).toISOString(), odds, baseline, candidate: warning.arm };
  const detail = explainWarning(warning, policy, lines);
  return { kind: 'early_warning', key: keyOf(warning, policy), detail, params, blocksAdvance: false };
}

function lineAlerts(line: LineVerdict, policy: Policy, open: readonly AlertView[]): TickAlert[] {
  if (!isCrossed(line)) return [];
  const alert = (kind: AlertKind): TickAlert => ({
    kind,
    key: keyOf(line, policy),
    detail: explain(line, policy),
    params: { line },
    blocksAdvance: false,
  });
  const luck = line.evidence?.chance ?? 0;
  const isNews =
    policy.evidence === 'observed' || luck <= newsworthyChance || isOpen(open, 'breach_begun', keyOf(line, policy));
  const hindered =
    line.hindrance !== null && !['could_be_luck', 'recovered', 'nothing_to_roll_back'].includes(line.hindrance);
  return [...(isNews ? [alert('breach_begun')] : []), ...(hindered ? [alert('held_not_acted')] : [])];
}

function missedAlert(missed: JudgedRollout['decision']['missed'][number], policy: Policy): TickAlert {
  const { metric, fromMs, toMs } = missed;
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  const key = `${keyOf(missed, policy)} ${fromMs}`;
  const whose = policy.candidates.length === 1 ? '' : ` of ${missed.arm}`;
  const detail = `${metric}${whose} was held over its line from ${from} to ${to} while no watchdog ran; it is over. Nothing was rolled back.`;
  return { kind: 'missed_hold', key, detail, params: { metric, from, to }, blocksAdvance: true };
}

function blindAlert(instances: readonly string[]): TickAlert {
  const detail = `Requests were routed whose events have not arrived, by ${instances.join(', ')}. Check the event store and the spools.`;
  return { kind: 'blind', key: 'events', detail, params: { instances }, blocksAdvance: false };
}

function unconfigured({ instances, nowMs, providers, policy: { policy } }: JudgedRollout): TickAlert[] {
  const named = [policy.baseline, ...policy.candidates].map((arm) => providers[arm] ?? arm);
  const keyless = [...new Set(named)].filter((provider) => {
    const news = newsOf(instances, provider, nowMs);
    return news.length > 0 && news.every(({ configured }) => !configured);
  });
  return keyless.map((provider) => ({
    kind: 'provider_unconfigured',
    key: provider,
    detail: `${provider} has no key: nothing is assigned to it and its share goes to the other.`,
    params: { provider },
    blocksAdvance: false,
  }));
}

function weightsAlerts({ weightsFault, isStored, weights, stage }: SplitRow): TickAlert[] {
  if (weightsFault === null) return [];
  const [kind, what] = isStored
    ? (['weights_invalid', `The stored weights are not in use: ${weightsFault}`] as const)
    : (['weights_missing', 'The weights row is gone'] as const);
  const detail = `${what}. Instances go on by ${weightsText(weights)} (${stage}), and that is judged; roll back, or write valid weights.`;
  return [{ kind, key: 'weights', detail, params: { weights, stage }, blocksAdvance: false }];
}

function policyAlert(fault: string): TickAlert {
  const detail = `The stored policy is not in use: ${fault} The last good one judges.`;
  return { kind: 'policy_invalid', key: 'policy', detail, blocksAdvance: false };
}

function isOpen(open: readonly AlertView[], kind: AlertKind, key: string): boolean {
  return open.some((alert) => alert.kind === kind && alert.resolved_at === null && alert.params.key === key);
}

interface AlertChanges {
  readonly begun: readonly TickAlert[];
  readonly over: readonly { readonly kind: AlertKind; readonly key: string }[];
}

/** What is new and what is over. */
export function alertChanges(rollout: JudgedRollout): AlertChanges {
  const wanted = alertsOf(rollout);
  const begun = wanted.filter(({ kind, key }) => !isOpen(rollout.alerts, kind, key));
  const open = rollout.alerts.map((alert) => ({ alert, kind: alert.kind, key: String(alert.params.key ?? '') }));
  const over = open.filter(({ alert, kind, key }) => {
    const isWanted = wanted.some((each) => each.kind === kind && each.key === key);
    return alert.resolved_at === null && !isWanted && isOver(alert, rollout);
  });
  return { begun, over };
}

/** Writes nothing when nothing changed. */
export async function reconcileAlerts(alerts: AlertStore, rollout: JudgedRollout): Promise<void> {
  const { begun, over } = alertChanges(rollout);
  for (const alert of begun) await alerts.raise(alert);
  for (const { kind, key } of over) await alerts.resolve(kind, key);
}

function isOver(alert: AlertView, { row }: JudgedRollout): boolean {
  if (!managed.includes(alert.kind)) return false;
  // A missed hold stays until an operator has acknowledged it; a rollback until an operator has re-armed.
  if (alert.kind === 'missed_hold') return alert.acknowledged !== null;
  if (alert.kind !== 'rolled_back') return true;
  if (row.latched) return false;
  // Of arms whose split went on without them.
  const arms = Array.isArray(alert.params.arms) ? alert.params.arms : [];
  return !arms.some((arm) => row.arms[String(arm)]?.latchedAtMs != null);
}
