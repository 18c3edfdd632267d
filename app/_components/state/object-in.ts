import { isObject } from '@/lib/kernel/json-text';

/** A field that holds a JSON object; null: it holds none. An empty one is `{}`. */
export function objectIn(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
