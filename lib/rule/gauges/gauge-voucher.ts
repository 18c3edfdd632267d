import { type History, type Role, total } from '../buckets/history';
import type { Gauge } from './gauge';
import { shareGauge } from './gauge-share';

/** Regenerate vouchers over what one provider generated, where the voucher names the request or the provider. */
export function attributedGauge(history: History, role: Role, limit: number): Gauge {
  const totals = history[role];
  return shareGauge(history, totals.vouchers, totals.generated, totals.requests, limit);
}

/** The plan's global rate, which speaks only where there are vouchers that name neither. */
export function globalGauge(history: History, limit: number): Gauge {
  const totals = history.everyone;
  const gauge = shareGauge(history, totals.vouchers, totals.generated, totals.generated, limit);
  const speaks = (from: number, to: number) => total(history, history.unattributed, from, to) > 0;
  return {
    ...gauge,
    count: (from, to) => (speaks(from, to) ? gauge.count(from, to) : 0),
    traffic: (from, to) => (speaks(from, to) ? gauge.traffic(from, to) : 0),
    side: (from, to) => {
      const known = gauge.side(from, to);
      return known === 'over' && !speaks(from, to) ? 'under' : known;
    },
  };
}
