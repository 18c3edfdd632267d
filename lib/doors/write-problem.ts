import { problemResponse } from '@/lib/http/problem';
import type { WriteProblem } from '@/lib/http/respond';
import { openaiProblem } from './openai/openai-problem';

/** Whatever is refused below /v1/, and however early, is said as OpenAI's clients read it. */
export function writeProblemAt(path: string): WriteProblem {
  return path.startsWith('/v1/') ? openaiProblem : problemResponse;
}
