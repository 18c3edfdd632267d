import type { ShippedRules } from './shipped-model';

/** What most rows have alike. */
export const row = { provider: 'fal', price: {}, fixed: {}, lossy: 'pin', enabled: true } as const;

/** Rules that many of FAL's models share. */

// As long as each of these models takes it at other vendors.
const prompt = { to: 'prompt', max: 3000, required: true };
export const seed = { to: 'seed', min: 0, max: 4294967295 };
export const safety = { to: 'enable_safety_checker', default: true };

export const upTo = (most: number) => ({ to: 'num_images', min: 1, max: most });
export const sides = { as: 'object', to: 'image_size', min: 64, max: 14142 };
export const ratio = (...values: readonly string[]) => ({ as: 'ratio', to: 'aspect_ratio', values });
export const stepsTo = (most: number, least = 1) => ({ to: 'num_inference_steps', min: least, max: most });
export const guidance = { to: 'guidance_scale', min: 1, max: 20 };
export const jpegOrPng = { to: 'output_format', values: ['jpeg', 'png'], default: 'jpeg' };
export const jpegPngOrWebp = { to: 'output_format', values: ['jpeg', 'png', 'webp'], default: 'jpeg' };
export const oneImage = { to: 'image_url', required: true };
export const images = (most: number) => ({ to: 'image_urls', list: true, most, required: true });
export const mask = { to: 'mask_url', required: true };
export const loras = { to: 'loras', model: 'path', scale: 'scale', accepts: 'url', min: 0, max: 4 };
export const acceleration = { type: 'choice', values: ['none', 'regular', 'high'] };
export const enhancePrompt = { to: 'enhance_prompt', type: 'flag' };
export const tolerance = { to: 'safety_tolerance', type: 'choice', values: ['1', '2', '3', '4', '5', '6'] };
export const toleranceTo5 = { to: 'safety_tolerance', type: 'choice', values: ['1', '2', '3', '4', '5'] };

/** A model whose weights are open, which FAL runs itself. */
export const open = { prompt, n: upTo(4), size: sides, seed, output_format: jpegOrPng, safety } satisfies ShippedRules;
/** A model that FAL passes on to the vendor that made it. */
export const partner = { prompt: { to: 'prompt', required: true }, seed } satisfies ShippedRules;
export const checked = { ...partner, safety } satisfies ShippedRules;

/** The vendor's own typed client names id, fields, words and what is required; it has no ranges. */
export const client = '@fal-ai/client 1.10.1 endpoints.d.ts';
export const readOn = '(2026-11-29)';
/** Where the range of a field is nowhere to be read, ours is the one that FAL's other models have. */
export const unread = `${client}; ranges not found, ours are those of its kin ${readOn}`;
