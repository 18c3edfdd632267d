import type { Drawn } from '../drawn';
import type { Scales } from '../plot';
import type { Reading } from './use-reading';

const asidePx = 10;

/** Moves what is drawn once: a hand goes over all charts at once, and React need not hear of each of its steps. */
export function movedTo(root: HTMLElement, { format, size }: Drawn, scales: Scales): (reading: Reading | null) => void {
  const part = (name: string) => root.querySelector<HTMLElement>(`[data-${name}]`);
  const [hair, words, time] = [part('hair'), part('words'), part('time')];
  const dots = [...root.querySelectorAll('[data-dot]')];
  const figures = [...root.querySelectorAll('[data-figure]')];
  return (reading) => {
    root.style.visibility = reading === null ? 'hidden' : 'visible';
    if (reading === null) return;
    const x = scales.x(reading.atMs);
    hair?.setAttribute('transform', `translate(${x})`);
    if (words) words.style.transform = `translate(${asideOf(x, size.width)}, ${scales.top}px)`;
    if (time) time.textContent = reading.time;
    for (const [index, value] of reading.values.entries()) {
      const [dot, figure] = [dots[index], figures[index]];
      dot?.setAttribute('display', value === null ? 'none' : 'inline');
      if (value !== null) dot?.setAttribute('transform', `translate(${x} ${scales.y(value)})`);
      if (figure) figure.textContent = format(value);
    }
  };
}

/** Beside the line where there is more room, and never beyond the box; 100 % are the words' own width. */
function asideOf(x: number, width: number): string {
  if (x < width / 2) return `min(${x + asidePx}px, ${width}px - 100%)`;
  return `max(0px, ${x - asidePx}px - 100%)`;
}
