/** A page asks by itself all the time; only what follows a touch so closely is its person's. */
const touchMs = 60_000;

let touchedAt = Number.NEGATIVE_INFINITY;

if (typeof window !== 'undefined') {
  const touched = () => {
    touchedAt = performance.now();
  };
  touched();
  for (const kind of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const) {
    window.addEventListener(kind, touched, { passive: true, capture: true });
  }
}

/** Whether a person is at this page: opened, moved on or typed into within the last minute. */
export const isAttended = (): boolean => performance.now() - touchedAt < touchMs;
