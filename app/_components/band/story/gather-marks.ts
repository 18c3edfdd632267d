import type { StoryMark } from '@/lib/api/story';
import { type PlacedMark, width } from './story-shape';

/** Of a mark: what a thumb can hit. */
const markPx = 24;
/** Of several together: how many stands beside what the worst of them is. */
const severalPx = 36;
const gapPx = 2;

interface MarkGroup {
  /** From the left edge of the rail. */
  readonly leftPx: number;
  readonly marks: readonly StoryMark[];
}

/** Where marks stand on a rail that is so wide; what would touch its neighbour, at the edges too, stands with it. */
export function gatherMarks(marks: readonly PlacedMark[], railPx: number): readonly MarkGroup[] {
  const groups: { leftPx: number; marks: StoryMark[] }[] = [];
  for (const { x, mark } of marks) {
    const leftPx = Math.max(0, Math.min(railPx - severalPx, (x / width) * railPx - markPx / 2));
    const near = groups.at(-1);
    const nearPx = near && near.marks.length > 1 ? severalPx : markPx;
    if (near && leftPx - near.leftPx < nearPx + gapPx) near.marks.push(mark);
    else groups.push({ leftPx, marks: [mark] });
  }
  return groups;
}

const listPx = 256;

export interface ListPlace {
  /** From the left edge of its marks. */
  readonly leftPx: number;
  readonly widthPx: number;
}

/** Where the list of marks opens: at their left edge, moved so far that it stays on the rail. */
export function listPlace(leftPx: number, railPx: number): ListPlace {
  const widthPx = Math.min(listPx, railPx);
  return { leftPx: Math.min(0, railPx - widthPx - leftPx), widthPx };
}
