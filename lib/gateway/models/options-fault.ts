import { adapterOf } from '../providers/adapters';
import type { Fields } from './image-request';

/** Whatever is called so, at any depth, is ours to say: keys, where results are sent, who waits for them. */
const ours =
  /webhook|callback|api_?key|authorization|credential|secret|token|password|upload_?(?:url|endpoint)|^headers?$/i;

const everywhere: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const deepest = 6;

interface OptionFault {
  readonly at: readonly string[];
  readonly why: string;
}

/** What of the options that are merged into a provider's body may not be said there; null when all of it may. */
export function optionsFault(fields: Fields, adapter: string): OptionFault | null {
  const own = adapterOf(adapter)?.own;
  for (const name of Object.keys(fields)) {
    if (own?.has(name)) return { at: [name], why: 'is for Sluice to say; leave it out' };
  }
  return faultIn(fields, []);
}

function faultIn(value: unknown, at: readonly string[]): OptionFault | null {
  if (typeof value === 'string' && /^(?:file|ftp|data:text|javascript):/i.test(value)) {
    return { at, why: 'is no address that may be sent on' };
  }
  if (typeof value !== 'object' || value === null) return null;
  if (at.length > deepest) return { at, why: `nests deeper than ${deepest} levels` };
  for (const [name, inner] of Object.entries(value)) {
    const place = [...at, name];
    if (everywhere.has(name) || (!Array.isArray(value) && ours.test(name))) {
      return { at: place, why: 'may not be set by a request: keys and addresses of answers are for Sluice to say' };
    }
    const fault = faultIn(inner, place);
    if (fault) return fault;
  }
  return null;
}
