import { expect } from 'vitest';
import type { Sql } from '@/lib/postgres/sql';
import { addSplit, writeFlag } from '../gateway/splits/add-split';
import type { TestDataPlane } from './data-plane';

export const filmKey = 'FILM_WEIGHTS';
export const falFilm = 'fal-ai/kling-video/v2.5-turbo/pro/text-to-video';
export const falFilmOf = 'fal-ai/kling-video/v2.5-turbo/pro/image-to-video';

const sizes = { '16:9': '1280x720', '9:16': '720x1280', '1:1': '720x720' };
const fal = {
  prompt: { to: 'prompt', required: true },
  negative_prompt: { to: 'negative_prompt' },
  duration: { to: 'duration', values: { 5: '5', 10: '10' }, default: 5 },
};
const runware = {
  ...{ prompt: { to: 'positivePrompt', required: true }, negative_prompt: { to: 'negativePrompt' } },
  duration: { to: 'duration', values: { 5: 5, 10: 10 }, default: 5 },
};

/** A default split of jobs, `old` at FAL and `new` at Runware, and two models that both have: `film`, and `film-of` an image. */
export async function addVideoSplit(sql: Sql, weights: Readonly<Record<string, number>> = { old: 0.5, new: 0.5 }) {
  const rows = [
    ['film', 'fal', falFilm, { ...fal, size: { as: 'ratio', to: 'aspect_ratio', values: sizes } }],
    ['film', 'runware', 'klingai:6@1', { ...runware, size: sidesOf(Object.values(sizes)) }],
    ['film-of', 'fal', falFilmOf, { ...fal, image: { to: 'image_url', required: true } }],
    ['film-of', 'runware', 'klingai:6@1', { ...runware, image: { to: 'inputs.frameImages', list: true, most: 1 } }],
  ] as const;
  for (const [alias, provider, id, params] of rows) {
    const fixed = provider === 'runware' ? { taskType: 'videoInference' } : {};
    await sql`insert into sluice.models (alias, provider, provider_model, params, fixed)
      values (${alias}, ${provider}, ${id}, ${sql.json(params as never)}, ${sql.json(fixed)})`;
  }
  await addSplit(sql, { key: filmKey, slug: 'film', kind: 'job', weights });
  await sql`update sluice.splits set is_default = true where key = ${filmKey}`;
}

function sidesOf(values: readonly string[]) {
  return { as: 'sides', width: 'width', height: 'height', values, default: values[0] };
}

/** Waits until the process routes by these. */
export async function share(sql: Sql, plane: TestDataPlane, weights: Readonly<Record<string, number>>): Promise<void> {
  await writeFlag(sql, filmKey, weights);
  const { splits } = plane.runtime.dataPlane;
  await expect.poll(() => splits.all.get(filmKey)?.routing?.weights).toMatchObject(weights);
}
