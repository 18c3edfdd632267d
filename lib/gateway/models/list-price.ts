import type { CompiledModel } from './compile-model';
import type { ImageRequest } from './image-request';

/** Providers bill begun megapixels. */
const megapixels = (width: number, height: number) => Math.ceil((width * height) / 1e6);

/** By the price list, for so many images or videos of a request; null where the list does not say. */
export function listPriceUsd(model: CompiledModel, request: ImageRequest, pieces: number): number | null {
  const { usd, per = 'image', at } = model.price;
  const special = at?.[model.listedAs(request)] ?? at?.[model.listedAs(request, '*')];
  if (per === 'second') {
    const seconds = model.secondsOf(request);
    const price = special ?? usd;
    return price === undefined || seconds === null ? null : price * pieces * seconds;
  }
  if (special !== undefined) return special * pieces;
  if (usd === undefined) return null;
  if (per === 'image' || per === 'unit') return usd * pieces;
  if (per === 'megapixel') {
    const sides = model.sidesOf(request);
    return sides && usd * pieces * megapixels(sides.width, sides.height);
  }
  return request.params?.steps === undefined ? null : usd * pieces * request.params.steps;
}
