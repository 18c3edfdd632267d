import { z } from 'zod';

/** What an audit found; `unanswered` is never taken for clean. */
type Audit =
  | { readonly kind: 'clean'; readonly sentence: string }
  | { readonly kind: 'vulnerable'; readonly sentence: string }
  | { readonly kind: 'unanswered'; readonly sentence: string };

const severities = ['high', 'critical'];

const report = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({
      severity: z.string(),
      range: z.string(),
      via: z.array(z.union([z.string(), z.object({ title: z.string(), url: z.string() })])),
    }),
  ),
  metadata: z.object({ dependencies: z.object({ prod: z.number() }) }),
});

/** Reads what `npm audit --json` printed. */
export function readAudit(printed: string): Audit {
  const told = asJson(printed);
  const parsed = report.safeParse(told);
  if (!parsed.success) {
    const because = z.object({ message: z.string() }).safeParse(told).data?.message ?? printed.trim();
    return { kind: 'unanswered', sentence: because.slice(0, 300) || 'npm audit printed nothing' };
  }
  const { vulnerabilities, metadata } = parsed.data;
  const found = Object.entries(vulnerabilities);
  const grave = found.filter(([, { severity }]) => severities.includes(severity));
  if (grave.length > 0) return { kind: 'vulnerable', sentence: grave.map(lineOf).join('\n') };
  const lesser =
    found.length > 0 ? `, ${found.length} with lesser ones: ${found.map(([name]) => name).join(', ')}` : '';
  const sentence = `${metadata.dependencies.prod} production dependencies, none with a high or critical advisory${lesser}`;
  return { kind: 'clean', sentence };
}

type Vulnerability = z.output<typeof report>['vulnerabilities'][string];

function lineOf([name, { severity, range, via }]: [string, Vulnerability]): string {
  const why = via.map((cause) => (typeof cause === 'string' ? `by ${cause}` : `${cause.title} (${cause.url})`));
  return `${[name, range].join(' ').trim()}: ${severity}: ${why.join('; ')}`;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
