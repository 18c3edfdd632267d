import type { z } from 'zod';
import { oneLine } from '@/lib/kernel/plain-text';
import type { ErrorKind, ProviderFailure, ProviderResult } from './provider';
import type { UpstreamAnswer } from './upstream';

type Broken = Extract<UpstreamAnswer, { kind: 'broken' }>;

/** What every outcome of one call has in common. */
export interface CallFacts {
  readonly provider: string;
  readonly model: string;
  readonly latencyMs: number;
  readonly providerRequestId: string | null;
}

export interface Fault {
  readonly errorKind: ErrorKind;
  readonly message: string;
  readonly httpStatus: number | null;
  readonly started: ProviderFailure['started'];
  readonly retryAfterMs?: number | null;
}

/** Whatever was delivered and billed before it failed. */
export type Partly = Pick<ProviderResult, 'images' | 'costUsd' | 'costBasis'>;

const nothing: Partly = { images: [], costUsd: null, costBasis: 'unknown' };

const ours: ReadonlySet<ErrorKind> = new Set(['local', 'queue_timeout', 'cut']);

export function failure(facts: CallFacts, fault: Fault, partly: Partly = nothing): ProviderFailure {
  return {
    ok: false,
    ...facts,
    ...partly,
    errorKind: fault.errorKind,
    httpStatus: fault.httpStatus,
    message: fault.message,
    retryAfterMs: fault.retryAfterMs ?? null,
    started: fault.started,
    refused: fault.errorKind === 'content_policy',
    isOurs: ours.has(fault.errorKind),
  };
}

/** No answer. Once the request has left, what the provider makes of it is unknown. */
export function brokenFault(broken: Broken): Fault {
  return {
    errorKind: broken.errorKind,
    message: broken.message,
    httpStatus: broken.status,
    started: broken.sent ? 'unknown' : 'no',
  };
}

/** What a status alone says. A gateway's 502 or 504 may hide a call that runs on. */
export function statusFault(status: number): Pick<Fault, 'errorKind' | 'started'> {
  if (status === 401 || status === 403) return { errorKind: 'auth', started: 'no' };
  if (status === 402) return { errorKind: 'balance', started: 'no' };
  if (status === 429) return { errorKind: 'rate_limited', started: 'no' };
  if (status === 502) return { errorKind: 'provider_5xx', started: 'unknown' };
  if (status === 504) return { errorKind: 'gateway_timeout', started: 'unknown' };
  if (status === 503) return { errorKind: 'provider_5xx', started: 'no' };
  if (status >= 500) return { errorKind: 'provider_5xx', started: 'yes' };
  if (status >= 400) return { errorKind: 'rejected', started: 'no' };
  if (status === 204 || status === 205) return { errorKind: 'empty', started: 'no' };
  // A redirect is not followed: it would take the key along.
  return { errorKind: 'malformed', started: status >= 300 ? 'no' : 'unknown' };
}

/** What to say of a status that came without a sentence of the provider's. */
export function wordless(status: number, code: string | null | undefined): string {
  if (code) return 'no reason given';
  if (status === 504) return "the provider's own gateway gave up waiting";
  return status === 204 || status === 205 ? 'an answer without content' : 'no reason given';
}

/** `Retry-After` in seconds or as a date; at most an hour is believed. */
export function retryAfterMs(header: string | string[] | undefined, nowMs: number): number | null {
  const text = (Array.isArray(header) ? header[0] : header)?.trim();
  if (!text) return null;
  const waitMs = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(waitMs) ? null : Math.min(Math.max(0, waitMs), 3_600_000);
}

/** Provider text for logs and people: no key, no control characters, at most 300 characters. */
export function readable(text: string, key: string | null): string {
  const plain = oneLine(text);
  const secrets = key ? [key, ...key.split(':').filter((part) => part.length >= 8)] : [];
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, '…'), plain).slice(0, 300);
}

export function header(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

/** Some servers write numbers that JSON does not have; they stand for a value that is not known. */
const noNumber = /([:[,]\s*)[+-]?(?:NaN|Infinity)(?=\s*[,}\]])/g;

/** The text as the schema wants it; null when it is not JSON or not of that shape. */
export function parseAs<T>(schema: z.ZodType<T>, text: string): T | null {
  const parsed = schema.safeParse(jsonOf(text));
  return parsed.success ? parsed.data : null;
}

/** Undefined: it is no JSON. */
export function jsonOf(text: string): unknown {
  return parse(text) ?? parse(text.replace(noNumber, '$1null'));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An https URL that needs no parsing to be one: a host of plain labels, neither credentials nor a port. */
const plainUrl = /^https:\/\/(?!.*xn--)(?:[a-z\d-]+\.)+[a-z]{2,}\/[\w./~=&?-]*$/;

/** May an image URL of a provider be handed on? https only; a sandbox on loopback may name itself by http. */
export function isFitImageUrl(text: string, baseUrl: string): boolean {
  if (text.length > 2048) return false;
  if (plainUrl.test(text)) return true;
  const url = urlIn(text);
  if (!url || url.username || url.password) return false;
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && isLoopback(url) && isLoopback(new URL(baseUrl));
}

function urlIn(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function isLoopback(url: URL): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
}
