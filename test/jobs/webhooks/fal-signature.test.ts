import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { falMessage, falSignatureFault } from '@/lib/jobs/webhooks/fal-signature';

const [own, other] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
const nowMs = 1_780_000_000_000;
const body = Buffer.from('{"status":"OK"}');

function signed(
  key: KeyObject,
  { seconds = nowMs / 1000, change = {} as Record<string, string | null>, sent = body } = {},
) {
  const signature = sign(null, falMessage('r1', 'u1', String(seconds), body), key).toString('hex');
  const headers: Record<string, string | null> = {
    'x-fal-webhook-request-id': 'r1',
    'x-fal-webhook-user-id': 'u1',
    'x-fal-webhook-timestamp': String(seconds),
    'x-fal-webhook-signature': signature,
    ...change,
  };
  return { header: (name: string) => headers[name] ?? null, body: sent };
}
const fault = (message: ReturnType<typeof signed>, keys = [other.publicKey, own.publicKey]) =>
  falSignatureFault(message, keys, nowMs);

test('what one of the keys has signed is good, up to five minutes from now', () => {
  expect(fault(signed(own.privateKey))).toBeNull();
  expect(fault(signed(own.privateKey, { seconds: nowMs / 1000 - 300 }))).toBeNull();
  expect(fault(signed(own.privateKey, { seconds: nowMs / 1000 + 300 }))).toBeNull();
  expect(fault(signed(own.privateKey, { seconds: nowMs / 1000 - 301 }))).toContain('more than 300 s from now');
  expect(fault(signed(own.privateKey, { seconds: nowMs / 1000 + 301 }))).toContain('more than 300 s from now');
});

test('another key, another body, another request and no signature are refused', () => {
  expect(fault(signed(own.privateKey), [other.publicKey])).toBe('none of the known keys has signed it');
  expect(fault(signed(own.privateKey, { sent: Buffer.from('{"status":"ERROR"}') }))).toContain(
    'none of the known keys',
  );
  expect(fault(signed(own.privateKey, { change: { 'x-fal-webhook-request-id': 'r2' } }))).toContain(
    'none of the known',
  );
  expect(fault(signed(own.privateKey, { change: { 'x-fal-webhook-signature': null } }))).toBe('it is not signed');
  expect(fault(signed(own.privateKey, { change: { 'x-fal-webhook-signature': 'zz' } }))).toBe('its signature is none');
});
