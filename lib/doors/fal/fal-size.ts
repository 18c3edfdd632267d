import type { CompiledModel } from '@/lib/gateway/models/compile-model';
import type { Fields } from '@/lib/gateway/models/image-request';

interface Sides {
  readonly width: number;
  readonly height: number;
}

/** What FAL's names of sizes stand for (@fal-ai/client 1.10.1 and https://fal.ai/models, 2026-11-29). */
const named: Readonly<Record<string, Sides>> = {
  square_hd: { width: 1024, height: 1024 },
  square: { width: 512, height: 512 },
  portrait_4_3: { width: 768, height: 1024 },
  portrait_16_9: { width: 576, height: 1024 },
  landscape_4_3: { width: 1024, height: 768 },
  landscape_16_9: { width: 1024, height: 576 },
};

/** Models that make `landscape_4_3` of a request that names no size; others make a square. */
const landscape =
  /^fal-ai\/(?:flux\/(?:schnell|dev)|flux-1\/\w+|flux-lora|flux-pro\/v1\.1|flux-2(?:-\w+)?(?:\/klein\/\w+)?|qwen-image(?:-2512)?|z-image\/\w+)$/;

/** FAL's body with the sides that its name of a size stands for, where the model can be told sides. */
export function withSides(model: CompiledModel, body: Fields): Fields {
  const size = body.image_size ?? (landscape.test(model.id) ? 'landscape_4_3' : undefined);
  if (typeof size !== 'string' || !Object.hasOwn(named, size)) return body;
  const sized = { ...body, image_size: named[size] };
  return model.read({ image_size: named[size] }).size.width === undefined ? body : sized;
}
