/** How many of the requests there are that it takes to say anything: hatched, so that it is not taken for a green one. */
export function EarlyBar({ share }: { readonly share: number }) {
  return (
    <div aria-hidden="true" className="h-1.5 overflow-hidden rounded-full border border-line-strong border-dashed">
      <div
        className="h-full bg-[repeating-linear-gradient(135deg,var(--line-strong)_0_2px,transparent_2px_5px)]"
        style={{ width: `${Math.min(1, share) * 100}%` }}
      />
    </div>
  );
}
