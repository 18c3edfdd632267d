import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { formatDuration, parseDuration } from '@/lib/kernel/duration';
import { parseInstant } from '@/lib/kernel/instant';
import { readMembers } from '@/lib/kernel/json-text';
import { formatPolicy } from '@/lib/split/policy/format-policy';
import { readPolicy, readPolicyValue } from '@/lib/split/policy/read-policy';
import { readWeights, readWeightsValue, weightsText } from '@/lib/split/weights';
import { replayed } from '@/test/rule/scene';
import { almost, anyJson, anyText, event, mangled, policy, weights } from './grammar';
import { texts, tries, withinMs } from './size';

vi.setConfig({ testTimeout: withinMs });

const registered = ['fal', 'runware'];
const rules = { registered, baseline: 'fal', candidates: ['runware'] };

describe('any text at all', () => {
  it('is weights that add up to one, or a sentence that a person can read', () => {
    const input = fc.oneof(anyText, mangled(weights.map((value) => JSON.stringify(value))), anyJson.map(text));
    fc.assert(
      fc.property(input, (given) => {
        const reading = readWeights(given, rules);
        if (!reading.ok) {
          expect(reading.sentence.length).toBeLessThan(400);
          return;
        }
        const sum = Object.values(reading.weights).reduce((total, share) => total + share, 0);
        expect(Math.abs(sum - 1)).toBeLessThan(1.01e-6);
        expect(readWeights(weightsText(reading.weights), rules).ok).toBe(true);
      }),
      tries(texts),
    );
  });

  it('is judged the same as a value and as a text', () => {
    fc.assert(
      fc.property(almost(weights), (value) => {
        expect(readWeightsValue(JSON.parse(text(value)), rules).ok).toBe(readWeights(text(value), rules).ok);
      }),
      tries(texts),
    );
  });

  it('is a policy that can be written down and read again, or faults', () => {
    fc.assert(
      fc.property(fc.oneof(mangled(almost(policy).map(text)), anyText), (given) => {
        const reading = readPolicy(given, registered);
        if (!reading.ok) {
          expect(reading.faults.filter((fault) => fault === '' || fault.length >= 600)).toEqual([]);
          return;
        }
        expect(readPolicy(JSON.stringify(formatPolicy(reading.policy)), registered)).toEqual(reading);
      }),
      tries(texts),
    );
  });

  it('as a value is no policy that its text is not', () => {
    fc.assert(
      fc.property(almost(policy), (value) => {
        const plain: unknown = JSON.parse(text(value));
        expect(readPolicyValue(plain, registered).ok).toBe(readPolicy(text(plain), registered).ok);
      }),
      tries(texts),
    );
  });

  it('is a duration in whole seconds, or none', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.nat({ max: 1e8 }).map(formatDuration)), (given) => {
        const seconds = parseDuration(given);
        if (seconds === null) return;
        expect(Number.isSafeInteger(seconds) && seconds >= 0).toBe(true);
        expect(parseDuration(formatDuration(seconds))).toBe(seconds);
      }),
      tries(texts),
    );
  });

  it('is an instant as JavaScript knows it, or none', () => {
    const dates = fc.date({ noInvalidDate: true, min: new Date(-6e13), max: new Date(2.5e14) });
    fc.assert(
      fc.property(fc.oneof(anyText, mangled(dates.map((date) => date.toISOString()))), (given) => {
        const ms = parseInstant(given);
        expect(ms === null || Number.isFinite(ms)).toBe(true);
        if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(given) && !Number.isNaN(Date.parse(given)))
          expect(ms).toBe(Date.parse(given));
      }),
      tries(texts),
    );
  });

  it('that is a JSON object has the members that JSON.parse finds', () => {
    fc.assert(
      fc.property(fc.dictionary(anyText, anyJson, { maxKeys: 5 }), (value) => {
        const members = readMembers(JSON.stringify(value, null, 1)) ?? [];
        const read = Object.fromEntries(members.map(({ key, literal }) => [key, JSON.parse(literal)]));
        expect(read).toEqual(JSON.parse(text(value)));
      }),
      tries(texts),
    );
  });
});

describe('a recording of any lines', () => {
  const at = fc
    .date({ noInvalidDate: true, min: new Date('2026-03-01'), max: new Date('2026-03-02') })
    .map((date) => date.toISOString());
  const row = fc.tuple(event, fc.oneof({ weight: 9, arbitrary: at }, anyText)).map(([body, created_at]) => ({
    ...body,
    created_at,
  }));
  const flag = fc.record({
    flag_key: fc.constantFrom('GEN_PROVIDER_WEIGHTS', 'GEN_ROLLOUT_POLICY', 'OTHER'),
    flag_value_text: fc.oneof(weights.map(text), almost(policy).map(text), fc.constant(null)),
    updated_at: at,
  });
  const line = fc.oneof(mangled(row.map(text)), mangled(flag.map(text)), anyText);

  it('is replayed, and what cannot be read is counted', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const report = replayed(lines);
        expect(report.lines).toBe(lines.length);
        expect(report.bad_lines.count + report.events + report.flag_writes.length).toBeLessThanOrEqual(lines.length);
      }),
      tries(texts),
    );
  });
});

function text(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}
