import type { Dialect } from '../dialect';
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

/** undefined: nobody here speaks it. */
export const dialectCalled = (name: string): Dialect | undefined => byName.get(name);
