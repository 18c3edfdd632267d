/** How calls of one provider ended lately. */
export interface LiveCalls {
  readonly requests: number;
  readonly failures: number;
}

/** Rare calls are looked at over this long, at most. */
export const liveSeconds = 3600;
/** Frequent ones over this: what is over is soon forgotten. */
export const recentSeconds = 300;
/** Of fewer, what fails may be chance. */
const fewest = 5;

/**
 * What calls say beside a probe that answers, which knows nothing of them: `few` fail at least by half, but are too few
 * to say anything; of enough, `none` succeed, `many` or `some` fail.
 */
export type CallsSay = 'quiet' | 'well' | 'few' | 'some' | 'many' | 'none';

export function callsSay({ requests, failures }: LiveCalls): CallsSay {
  if (requests === 0) return 'quiet';
  const share = failures / requests;
  if (requests < fewest) return share >= 0.5 ? 'few' : 'well';
  if (failures === requests) return 'none';
  if (share >= 0.5) return 'many';
  if (requests < 2 * fewest || share < 0.1) return 'well';
  return share >= 0.25 ? 'many' : 'some';
}

/** Fewer in `recentSeconds` say less than those of `liveSeconds`. */
export const saysEnough = ({ requests }: LiveCalls) => requests >= 2 * fewest;
