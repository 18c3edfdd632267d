import fc from 'fast-check';

/** Strings that break parsers somewhere, whatever they are meant to be. */
export const nasty = fc.constantFrom(
  ...['', ' ', '\0', '\uFEFF', '\uD800', '\u2028', "'", '"', '\\', '{', '[', '}', ']', ',', ':', '%', '%00', '../..'],
  ...['null', 'true', 'NaN', '-0', '1e400', '-1', '0x10', '١٢', '1e-7', '9007199254740993', 'undefined', '__proto__'],
  ...["fal'; drop table feature_flags;--", '#{1+1}', '<script>', '=cmd()', '\r\nx: y', '😀', 'a'.repeat(5000)],
  ...['2026-02-30T25:61:00Z', '9999-12-31T23:59:59Z', '0001-01-01', '5m', '90s', '-5m', '1e3d', '[['.repeat(2000)],
);

export const anyText = fc.oneof(nasty, fc.string({ unit: 'binary' }), fc.string(), fc.string({ unit: 'grapheme' }));

/** Any JSON value, nasty texts and keys among it. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  nasty,
  fc.dictionary(fc.oneof(nasty, fc.string()), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 4 }),
);

/** One member of an otherwise good object goes missing, is something else, or comes on top. */
export function almost(good: fc.Arbitrary<object>): fc.Arbitrary<unknown> {
  const spoilt = fc
    .tuple(good, fc.nat(), anyJson, fc.constantFrom('drop', 'replace', 'add'))
    .map(([value, at, other, how]) => {
      const entries = Object.entries(value);
      const key = entries[at % Math.max(1, entries.length)]?.[0] ?? 'x';
      if (how === 'drop') return Object.fromEntries(entries.filter(([name]) => name !== key));
      return { ...value, [how === 'add' ? `${key}_` : key]: other };
    });
  return fc.oneof({ weight: 3, arbitrary: good as fc.Arbitrary<unknown> }, { weight: 5, arbitrary: spoilt }, anyJson);
}

/** A text with a piece cut out, doubled, or put in. */
export function mangled(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const how = fc.constantFrom('keep', 'cut', 'double', 'insert', 'end');
  return fc.tuple(text, how, fc.nat(), fc.nat({ max: 40 }), nasty).map(([whole, what, place, size, piece]) => {
    const at = place % (whole.length + 1);
    if (what === 'cut') return whole.slice(0, at) + whole.slice(at + size);
    if (what === 'double') return whole.slice(0, at + size) + whole.slice(at);
    if (what === 'insert') return whole.slice(0, at) + piece + whole.slice(at);
    return what === 'end' ? whole.slice(0, at) : whole;
  });
}

export const providers = fc.constantFrom('fal', 'runware');

export const weights = fc.oneof(
  fc.nat({ max: 100 }).map((percent) => ({ fal: 1 - percent / 100, runware: percent / 100 })),
  fc.dictionary(fc.oneof(providers, nasty), fc.oneof(fc.double(), fc.nat({ max: 2 })), { maxKeys: 3 }),
);

const duration = fc
  .tuple(fc.nat({ max: 2000 }), fc.constantFrom('s', 'm', 'h', 'd', ''))
  .map((parts) => parts.join(''));

const redLine = fc.record(
  {
    metric: fc.constantFrom('p95_latency_ms', 'failure_rate', 'cost_per_image', 'regenerate_voucher_rate'),
    limit: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 10_000 })),
    timesBaseline: fc.double({ min: 1, max: 3, noNaN: true }),
    window: duration,
    hold: duration,
  },
  { requiredKeys: ['metric', 'window', 'hold'] },
);

export const policy = fc.record(
  {
    baseline: providers,
    candidate: providers,
    stages: fc.array(fc.record({ name: fc.constantFrom('D1', 'D2', 'custom'), weights, observe: duration }), {
      maxLength: 3,
    }),
    rollback: weights,
    redLines: fc.array(redLine, { maxLength: 4 }),
    evidence: fc.constantFrom('confirmed', 'observed'),
    minRequests: fc.nat({ max: 1000 }),
    baselineCostUsd: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    autoAdvance: fc.boolean(),
  },
  { requiredKeys: [] },
);

export const event = fc.record(
  {
    event_type: fc.constantFrom('gen_route', 'gen_ok', 'gen_failed', 'voucher_issued', 'Shop-Order'),
    event_data: almost(
      fc.record(
        {
          provider: providers,
          attempt: fc.nat({ max: 3 }),
          latency_ms: fc.oneof(fc.double(), fc.nat({ max: 20_000 })),
          cost_per_image: fc.double(),
          error: fc.string(),
          request_id: fc.uuid(),
          reason: fc.constantFrom('regenerate', 'other'),
        },
        { requiredKeys: [] },
      ),
    ),
    created_at: fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      nasty,
    ),
  },
  { requiredKeys: ['event_type'] },
);
