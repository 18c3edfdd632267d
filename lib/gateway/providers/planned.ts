import type { VendorRequest } from '../models/compile-model';
import type { Fields } from '../models/image-request';
import { listPriceUsd } from '../models/list-price';
import type { JobCost } from './job-calls';

/** What is known of a job's price when it is made; it stands in the job's row, since its model's row may change. */
export function plannedOf({ model, request }: VendorRequest): Fields {
  const seconds = model.secondsOf(request);
  const listUsd = listPriceUsd(model, request, request.n);
  return { ...(seconds === null ? {} : { seconds }), ...(listUsd === null ? {} : { list_usd: listUsd }) };
}

/** By the price list, as it was when the job was made. */
export function plannedCost({ list_usd: listUsd }: Fields): JobCost {
  if (typeof listUsd !== 'number' || !(listUsd >= 0)) return { costUsd: null, costBasis: 'unknown' };
  return { costUsd: listUsd, costBasis: 'price_list' };
}

export function plannedSeconds({ seconds }: Fields): number | null {
  return typeof seconds === 'number' && seconds > 0 ? seconds : null;
}
