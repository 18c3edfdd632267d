import type { ImageRequest } from '@/lib/gateway/providers/provider';

const step = 64;
const smallest = 128;
const largest = 2048;

/** Runware makes sides that are multiples of 64. */
export function sizeOf({ width, height }: ImageRequest): { readonly width: number; readonly height: number } {
  return { width: nearest(width), height: nearest(height) };
}

function nearest(side: number): number {
  return Math.min(largest, Math.max(smallest, Math.round(side / step) * step));
}

export function inferenceTask(request: ImageRequest, model: string, taskUUID: string): object {
  return {
    taskType: 'imageInference',
    taskUUID,
    model,
    positivePrompt: request.prompt,
    ...sizeOf(request),
    numberResults: request.n,
    outputType: 'URL',
    outputFormat: 'JPG',
    includeCost: true,
    deliveryMethod: 'sync',
  };
}
