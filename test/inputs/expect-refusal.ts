import { expect } from 'vitest';
import type { Said } from './world';

export interface Refusal {
  readonly status: number;
  readonly code: string;
  /** What the sentence must name: the value, the place, the rule. */
  readonly names?: readonly (string | RegExp)[];
  /** What was sent, of which at most 64 characters may be repeated. */
  readonly sent?: string;
}

const leaks =
  /\n\s+at |node_modules|\.(?:ts|js|mjs):\d+|\bselect\b.+\bfrom\b|insert into|relation "|violates|SQLSTATE|PostgresError/i;

/** One refusal of the product: RFC 9457, or OpenAI's shape at the door that speaks it. */
export function expectRefusal(said: Said, { status, code, names = [], sent = '' }: Refusal): void {
  const shown = `${said.status} ${said.text.slice(0, 600)}`;
  expect(said.status, shown).toBe(status);
  const isOpenai = 'error' in said.body;
  const detail = isOpenai ? openaiSentence(said, code) : problemSentence(said, status, code);
  for (const name of names) expect(detail, shown).toMatch(name instanceof RegExp ? name : new RegExp(literal(name)));
  for (const sentence of [detail, ...faultsOf(said)]) expectDecent(sentence, sent);
  if (status === 429 || status === 503) expect(Number(said.headers.get('retry-after')), shown).toBeGreaterThan(0);
  if (status === 405) expect(said.headers.get('allow'), shown).toMatch(/[A-Z]/);
}

function problemSentence({ headers, body }: Said, status: number, code: string): string {
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(headers.get('x-request-id')).toBe(body.request_id);
  expect(body).toMatchObject({
    type: `urn:sluice:problem:${code}`,
    title: expect.stringMatching(/\w/),
    status,
    code,
    detail: expect.stringMatching(/\w{3}/),
    request_id: expect.stringMatching(/^[\w-]+$/),
    errors: expect.any(Array),
  });
  return String(body.detail);
}

function openaiSentence({ body }: Said, code: string): string {
  expect(body.error).toMatchObject({ code: code.replaceAll('-', '_'), message: expect.stringMatching(/\w/) });
  return String((body.error as { message: string }).message);
}

function faultsOf({ body }: Said): string[] {
  const errors = Array.isArray(body.errors) ? (body.errors as { pointer: string; detail: string }[]) : [];
  return errors.flatMap(({ pointer, detail }) => [pointer, detail]);
}

/** No SQL, no stack, and no more than 64 characters of what came in. */
export function expectDecent(sentence: string, sent: string): void {
  expect(sentence).not.toMatch(leaks);
  expect(sentence.length).toBeLessThan(700);
  for (let at = 0; at + 65 <= sentence.length; at += 1) {
    const run = sentence.slice(at, at + 65);
    expect(sent.includes(run), `"${run}" repeats more than 64 characters`).toBe(false);
  }
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
