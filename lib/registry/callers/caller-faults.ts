import { type Scope, scopes } from '@/lib/api/scopes';
import { excerpt } from '@/lib/kernel/excerpt';
import { globShape, prefixShape } from '@/lib/split/name-shapes';
import { type Quota, saidQuota } from '../quota';

/** What a caller may, as it is asked for. */
export interface CallerRights {
  readonly scopes: readonly string[];
  readonly prefixes: readonly string[];
  /** Names or globs; empty: every model. */
  readonly models: readonly string[];
  /** null: no limit of its own. */
  readonly ratePerMinute: number | null;
  readonly quota: Quota;
}

export const mostRate = 1_000_000;
const mostModels = 64;

/** The scopes among what was given, in our order and each once. */
export const scopesAmong = (given: readonly string[]): readonly Scope[] =>
  scopes.filter((scope) => given.includes(scope));

/** Why no caller may be like this, by what it may alone or by two of it together; null: one may. */
export function rightsFault({ scopes: given, prefixes, models, ratePerMinute, quota }: CallerRights): string | null {
  const granted = scopesAmong(given);
  return (
    unknownFault(given) ??
    scopesFault(granted) ??
    prefixesFault(prefixes, granted) ??
    modelsFault(models, granted) ??
    globsFault(models) ??
    rateFault(ratePerMinute) ??
    quotaFault(quota, granted)
  );
}

function unknownFault(given: readonly string[]): string | null {
  const unknown = given.find((scope) => !scopes.some((one) => one === scope));
  if (unknown !== undefined) return `"${excerpt(unknown)}" is not a scope; they are ${scopes.join(', ')}`;
  return given.length === 0 ? `it needs a scope; they are ${scopes.join(', ')}` : null;
}

/** A key that can make traffic must not be able to say how it went: it could forge a verdict. null: they can stand together. */
export function scopesFault(granted: readonly Scope[]): string | null {
  const foreign = granted.find((scope) => scope.startsWith('events:'));
  if (foreign === undefined) return null;
  if (!granted.includes('events')) return `${foreign} says whose events; it needs events beside it`;
  const making = granted.find((scope) => scope === 'generate' || scope === 'relay' || scope === 'assign');
  if (making === undefined) return null;
  return `a key with ${making} cannot have ${foreign}: it could report a verdict on its own traffic; add two callers`;
}

function prefixesFault(prefixes: readonly string[], granted: readonly Scope[]): string | null {
  if (prefixes.length > 0 && !granted.includes('relay')) {
    return 'prefixes say what may be relayed, and it has no scope relay';
  }
  const odd = prefixes.find((prefix) => !prefixShape.test(prefix));
  return odd === undefined ? null : `"${excerpt(odd)}" is not a prefix; one is like /kling`;
}

/** A limit that can never apply would be trusted all the same. null: they can stand together. */
export function modelsFault(models: readonly string[], granted: readonly Scope[]): string | null {
  if (models.length === 0 || granted.includes('generate') || granted.includes('relay')) return null;
  return 'models say what may be asked for, and it has neither scope generate nor relay';
}

function globsFault(models: readonly string[]): string | null {
  const odd = models.find((model) => !globShape.test(model));
  if (odd !== undefined) return `"${excerpt(odd)}" is no model; one is a name or a glob such as flux-*`;
  if (models.length > mostModels) return `${models.length} models are too many; at most ${mostModels} are kept`;
  const twice = models.find((model, at) => models.indexOf(model) !== at);
  return twice === undefined ? null : `"${twice}" is named twice`;
}

function rateFault(rate: number | null): string | null {
  if (rate === null || (Number.isInteger(rate) && rate >= 1 && rate <= mostRate)) return null;
  return `${rate} is not a rate; it must be a whole number of requests a minute, 1 to ${mostRate}`;
}

function quotaFault(quota: Quota, granted: readonly Scope[]): string | null {
  const isMaking = granted.includes('generate') || granted.includes('relay');
  if (saidQuota(quota) === undefined || isMaking) return null;
  return 'the caps say what it may spend on jobs, and it has neither scope generate nor relay';
}
