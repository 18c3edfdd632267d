import type { AlertView } from '@/lib/api/alerts';
import { isLine } from '@/lib/api/evidence';
import type { RedLineView, Snapshot } from '@/lib/api/snapshot';
import { isCrossed, overSinceMs } from '@/lib/rule/hold';

/** The alert's line as it is now, while it is crossed; null once that is over, or where it is about no line. */
export function liveLine({ params, resolved_at }: AlertView, lines: readonly RedLineView[]): RedLineView | null {
  const { line } = params;
  if (resolved_at !== null || !isLine(line)) return null;
  // Alerts of an earlier version name no arm.
  const isSame = ({ metric, arm }: RedLineView) =>
    metric === line.metric && (line.arm === undefined || arm === line.arm);
  return lines.find((each) => isSame(each) && isCrossed(each)) ?? null;
}

/** When what it tells of began: a tick that sees a breach may come seconds after that. */
export function begunAt({ kind, at, params: { line } }: AlertView): string {
  if (kind !== 'breach_begun' || !isLine(line)) return at;
  return new Date(overSinceMs(Date.parse(at), line.breachedForSeconds ?? 0)).toISOString();
}

/** What is not acknowledged and has not cleared; the overview itself tells of a breach while it lasts. */
export function openAlerts(snapshot: Snapshot, isOverview: boolean): readonly AlertView[] {
  const { alerts, latched, red_lines: lines } = snapshot;
  return alerts.filter((alert) => {
    if (alert.acknowledged !== null || alert.kind === 'test') return false;
    // Ended by the re-arm that answered it; the next tick says so, too.
    if (alert.kind === 'rolled_back') return latched !== null || armsOut(alert, snapshot);
    if (alert.kind !== 'breach_begun') return true;
    // The rollback is the end of that story and tells it whole.
    return latched === null && !(isOverview && liveLine(alert, lines) !== null);
  });
}

function armsOut({ params }: AlertView, { arms }: Snapshot): boolean {
  const named = Array.isArray(params.arms) ? params.arms.map(String) : [];
  return arms.some(({ name, latched }) => latched !== null && named.includes(name));
}
