/** A gate between two posts, water below. */
export function Logo() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className="size-6 shrink-0">
      <rect width="32" height="32" rx="7" className="fill-accent" />
      <path d="M8 6v20M24 6v20" strokeWidth="3" strokeLinecap="round" className="stroke-on-accent" />
      <path d="M8 9h16v8H8z" className="fill-on-accent" />
      <path
        d="M8 23c2.7-2.4 5.3-2.4 8 0s5.3 2.4 8 0"
        fill="none"
        strokeWidth="3"
        strokeLinecap="round"
        className="stroke-on-accent"
      />
    </svg>
  );
}
