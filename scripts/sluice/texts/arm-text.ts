import { excerpt } from '@/lib/kernel/excerpt';
import { isObject } from '@/lib/kernel/json-text';
import type { ArmEntry } from '@/lib/registry/registry';
import { UsageError, type Values } from '../command';

/** `new=fal:flux-pro` is the arm `new` at fal with that model; a model's name may hold ":" itself. */
export function armOf(text: string): ArmEntry {
  const [, name, provider, model = null] = /^([^=:]+)=([^:]+)(?::(.+))?$/.exec(text) ?? [];
  if (name !== undefined && provider !== undefined) return { name, provider, model, params: {} };
  throw new UsageError(`"${excerpt(text)}" is no arm; write name=provider or name=provider:model.`);
}

export function textsOption(values: Values, name: string): readonly string[] {
  const given = values[name];
  return Array.isArray(given) ? given.map(String) : [];
}

/** An object of JSON; undefined where the option is not given. */
export function objectOption(values: Values, name: string): Readonly<Record<string, unknown>> | undefined {
  const text = values[name];
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Said below.
  }
  throw new UsageError(`--${name} is ${excerpt(text)}; it must be a JSON object.`);
}
