interface SplitBarProps {
  readonly weights: Readonly<Record<string, number>>;
  readonly baseline: string;
}

/** The baseline in grey, everything else in the accent; the words beside it carry the numbers. */
export function SplitBar({ weights, baseline }: SplitBarProps) {
  const entries = Object.entries(weights).sort(([a], [b]) =>
    a === baseline ? -1 : b === baseline ? 1 : a < b ? -1 : 1,
  );
  return (
    <div aria-hidden="true" className="flex h-2.5 gap-px overflow-hidden rounded-full bg-line">
      {entries.map(([provider, share]) => (
        <div
          key={provider}
          style={{
            width: `${share * 100}%`,
            background: provider === baseline ? 'var(--series-baseline)' : 'var(--series-candidate)',
          }}
        />
      ))}
    </div>
  );
}
