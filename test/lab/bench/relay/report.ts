import { figure, type Report, type Table } from '../report';
import { median } from '../statistics';
import { crowdOf } from './crowd';
import { type Figures, type Rates, rounds } from './side';

/** Of each part; null: it was not asked for. */
export interface Found {
  readonly rates: Rates | null;
  readonly bytes: Figures | null;
  readonly latencies: Figures | null;
  readonly withJobs: Rates | null;
  readonly crowd: (Rates & { readonly latencies: Figures }) | null;
}

const of = (figures: Figures | null, name: string) => (figures?.[name] ? median(figures[name]) : null);
const shown = (value: number | null) => (value === null ? '' : figure(value));
/** Of one that was measured beside it. */
function ratio(figures: Figures | null, name: string, beside: string): string {
  const [mine, its] = [of(figures, name), of(figures, beside)];
  return mine === null || its === null ? '' : figure(mine / its);
}

export function reportOf({ rates, bytes, latencies, withJobs, crowd }: Found): Report {
  const tables = [medians({ rates, bytes, latencies }), jobs(withJobs), crowded(crowd)];
  return {
    title: 'relay: what comes to a prefix, beside proxies',
    method: [
      'The built front in a process of its own, everything on: two arms, events to a real Postgres, health probes, a line of the log for each request.',
      '"Sluice" is the dialect generic, which keeps no row of a job; "with a job" is runway, where a row is committed before a create is sent and again before it is answered. Portkey is its passthrough with a custom host.',
      `Each proxy in a process of its own over the same vendor, which answers at once from raw sockets; ${rounds} rounds of 3 s in turns.`,
      'Requests: POST of 2 KB of JSON, answered by 2 KB, at ten connections; processor time is that of the process a request. Bytes: GET of 16 MB, four at once. p50: one request at a time.',
      `In a crowd: a second process over a database of its own, in which ${crowdOf.jobs.toLocaleString('en')} jobs run that nobody asks for, and ${crowdOf.prefixes} prefixes are registered.`,
    ],
    tables: tables.filter((table) => table !== null),
  };
}

function medians({ rates, bytes, latencies }: Pick<Found, 'rates' | 'bytes' | 'latencies'>): Table | null {
  const names = Object.keys(rates?.perSecond ?? bytes ?? latencies ?? {});
  if (names.length === 0) return null;
  const row = (name: string) => {
    const [rate, moved, p50] = [of(rates?.perSecond ?? null, name), of(bytes, name), of(latencies, name)];
    const above = p50 === null ? null : p50 - (of(latencies, 'undici') ?? 0);
    return [
      ...[
        name,
        shown(rate),
        ratio(rates?.perSecond ?? null, name, 'undici'),
        ratio(rates?.perSecond ?? null, name, 'portkey'),
      ],
      ...[shown(of(rates?.processor ?? null, name)), shown(moved === null ? null : moved / 2 ** 20)],
      ...[ratio(bytes, name, 'undici'), shown(p50), shown(above)],
    ];
  };
  return {
    caption: 'Medians',
    head: [
      ...['', 'requests/s', 'of undici', 'of portkey', 'processor µs', 'MB/s', 'of undici'],
      ...['p50 ms', 'above undici'],
    ],
    rows: names.map(row),
  };
}

function jobs(rates: Rates | null): Table | null {
  if (rates === null) return null;
  return {
    caption: 'Creates with a job row, in turns of their own, medians',
    head: ['', 'requests/s', 'of undici', 'processor µs'],
    rows: Object.keys(rates.perSecond).map((name) => [
      ...[name, shown(of(rates.perSecond, name)), ratio(rates.perSecond, name, 'undici')],
      shown(of(rates.processor, name)),
    ]),
  };
}

function crowded(crowd: Found['crowd']): Table | null {
  if (crowd === null) return null;
  const beside = (name: string) => name.replace(', in a crowd', '');
  return {
    caption: `Alone and in a crowd of ${crowdOf.jobs.toLocaleString('en')} idle jobs and ${crowdOf.prefixes} prefixes, in turns, medians`,
    head: ['', 'requests/s', 'of alone', 'processor µs', 'p50 ms', 'of alone'],
    rows: Object.keys(crowd.perSecond).map((name) => [
      ...[name, shown(of(crowd.perSecond, name)), ratio(crowd.perSecond, name, beside(name))],
      ...[shown(of(crowd.processor, name)), shown(of(crowd.latencies, name))],
      ratio(crowd.latencies, name, beside(name)),
    ]),
  };
}
