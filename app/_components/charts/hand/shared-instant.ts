type Follower = (atMs: number | null) => void;

const followers = new Set<Follower>();
let instantMs: number | null = null;
let isAsked = false;

/** Every chart of the page shows this instant, once a frame however often a mouse reports; null: none. */
export function pointAt(atMs: number | null): void {
  instantMs = atMs;
  if (isAsked) return;
  isAsked = true;
  requestAnimationFrame(() => {
    isAsked = false;
    for (const follower of followers) follower(instantMs);
  });
}

/** What is pointed at now, and whenever that changes. */
export function followInstant(follower: Follower): () => void {
  followers.add(follower);
  follower(instantMs);
  return () => {
    followers.delete(follower);
    queueMicrotask(forget);
  };
}

/** With the last chart the instant goes; one that is only drawn anew follows again at once. */
function forget(): void {
  if (followers.size === 0) instantMs = null;
}

/** A finger has no place when it is lifted: what it showed stands until the next touch elsewhere. */
export function pointByTouch(atMs: number): void {
  pointAt(atMs);
  document.addEventListener('pointerdown', leave, { capture: true });
}

function leave({ target }: Event): void {
  if (target instanceof Element && target.closest('[data-plot]')) return;
  document.removeEventListener('pointerdown', leave, { capture: true });
  pointAt(null);
}
