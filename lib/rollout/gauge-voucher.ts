import type { Gauge } from './gauge';
import { shareGauge } from './gauge-share';
import { type History, type Role, total } from './history';

/** Regenerate vouchers over what one provider generated, where the voucher names the request or the provider. */
export function attributedGauge(history: History, role: Role, limit: number): Gauge {
  const totals = history[role];
  return shareGauge(history, totals.vouchers, totals.generated, totals.requests, limit);
}

/** The plan's global rate, measured only where there are vouchers that name neither. */
export function globalGauge(history: History, limit: number): Gauge {
  const totals = history.everyone;
  const gauge = shareGauge(history, totals.vouchers, totals.generated, totals.requests, limit);
  const side: Gauge['side'] = (from, to) => {
    const known = gauge.side(from, to);
    return known === 'over' && total(history, history.unattributed, from, to) === 0 ? 'under' : known;
  };
  return { ...gauge, side };
}
