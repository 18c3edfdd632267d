import { problemResponse } from '@/lib/http/problem';
import type { WriteProblem } from '@/lib/http/respond';
import { falProblem } from './fal/fal-problem';
import { isOpenaiPath } from './openai/elsewhere';
import { openaiProblem } from './openai/openai-problem';

/** Whatever is refused at a vendor's door, and however early, is said as that vendor's clients read it. */
export function writeProblemAt(path: string): WriteProblem {
  if (path.startsWith('/fal/') || path === '/api/fal/proxy') return falProblem;
  return isOpenaiPath(path) ? openaiProblem : problemResponse;
}
