import { describe, expect, it } from 'vitest';
import { contactFault } from '@/lib/config/env-rules';
import { securityTxtHandler } from '@/lib/doors/sluice/security-txt';
import type { Arriving } from '@/lib/http/message';

const now = () => Date.UTC(2026, 10, 28, 13, 37);
const asked = {} as Arriving;
const contacts = ['mailto:security@example.com', 'https://example.com/security'];

describe('/.well-known/security.txt', () => {
  it('names the contacts in order, the day it expires and its own address', async () => {
    const env = { SLUICE_SECURITY_CONTACT: contacts, SLUICE_PUBLIC_URL: 'https://sluice.example.com' };
    const { status, headers, body } = await securityTxtHandler(env, now)(asked);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(String(body).split('\n')).toEqual([
      'Contact: mailto:security@example.com',
      'Contact: https://example.com/security',
      'Expires: 2027-02-26T00:00:00Z',
      'Preferred-Languages: en, zh',
      'Canonical: https://sluice.example.com/.well-known/security.txt',
      '',
    ]);
  });

  it('does not call an address canonical that is not https: the RFC forbids it', async () => {
    const env = { SLUICE_SECURITY_CONTACT: contacts, SLUICE_PUBLIC_URL: 'http://sluice.internal:3000' };
    expect((await securityTxtHandler(env, now)(asked)).body).not.toContain('Canonical');
  });

  it('is not there when nobody is named, and says which variable names somebody', async () => {
    const env = { SLUICE_SECURITY_CONTACT: [], SLUICE_PUBLIC_URL: undefined };
    await expect(securityTxtHandler(env, now)(asked)).rejects.toMatchObject({
      status: 404,
      code: 'no-security-contact',
      message: expect.stringContaining('SLUICE_SECURITY_CONTACT'),
    });
  });
});

describe('SLUICE_SECURITY_CONTACT', () => {
  it.each([...contacts, 'tel:+1-201-555-0123'])('may be %s', (value) => {
    expect(contactFault(value)).toBeNull();
  });

  it.each([
    ['security@example.com', 'write mailto:security@example.com'],
    ['http://example.com/security', 'must be an address'],
    ['ann', 'must be an address'],
    ['mailto:a@b.example\nExpires: 2099-01-01T00:00:00Z', 'must be an address'],
  ])('may not be %s', (value, sentence) => {
    expect(contactFault(value)).toContain(sentence);
  });
});
