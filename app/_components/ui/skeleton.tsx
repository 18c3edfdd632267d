/** Holds the place of what is coming, so that nothing moves when it comes. */
export function Skeleton({ className }: { readonly className: string }) {
  return <div aria-hidden="true" className={`rounded-panel border bg-surface ${className}`} />;
}
