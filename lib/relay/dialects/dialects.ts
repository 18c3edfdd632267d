import type { Dialect } from '@/lib/registry/dialects/dialect';
import type { Registry } from '@/lib/registry/registry';
import { aimlapi } from './aimlapi';
import { falQueue } from './fal-queue';
import { generic } from './generic';
import { jimeng } from './jimeng';
import { kling } from './kling';
import { openaiVideos } from './openai-videos';
import { pika } from './pika';
import { runware } from './runware';
import { runway } from './runway';
import { suno } from './suno';

const all = [runway, kling, pika, jimeng, suno, aimlapi, falQueue, openaiVideos, runware, generic];
const byName: ReadonlyMap<string, Dialect> = new Map(all.map((dialect) => [dialect.name, dialect]));

/** In the order of `sluice.dialect_names`. */
export const dialectNames: readonly string[] = all.map(({ name }) => name);

/** Of those that ship; undefined: none has this name. */
export const dialectCalled = (name: string): Dialect | undefined => byName.get(name);

/** Of those that ship and those of the registry; undefined: there is none of this name. */
export function dialectIn({ dialects }: Pick<Registry, 'dialects'>, name: string): Dialect | undefined {
  const own = byName.get(name);
  if (own) return own;
  const entry = dialects.find((each) => each.name === name);
  return entry && { name, ...entry.rules };
}
