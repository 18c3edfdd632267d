'use client';

import { createContext, useContext } from 'react';
import { useServerSentence } from '../../format/use-server-sentence';
import { Icon } from '../../ui/icon';

/** Sentences as the database writes them, each beginning with its place: policy.stages[1].observe is … */
export const PolicyFaults = createContext<readonly string[]>([]);

const placeOf = (fault: string): string => /^policy\.?((?:\.?\w+|\[\d+\])*)/.exec(fault)?.[1] ?? '';
const isWithin = (place: string, within: string): boolean =>
  place === within || place.startsWith(`${within}.`) || place.startsWith(`${within}[`);
const idOf = (place: string): string => `fault-${place.replace(/\W+/g, '-')}`;

/** For a field: whether what stands in it is refused, and where that is said. */
export function useFaulty(): (
  place: string,
  saidAt: string,
) => {
  readonly invalid: boolean;
  readonly describedBy: string | undefined;
} {
  const faults = useContext(PolicyFaults);
  return (place, saidAt) => {
    const invalid = faults.some((fault) => isWithin(placeOf(fault), place));
    return { invalid, describedBy: invalid ? idOf(saidAt) : undefined };
  };
}

interface FieldFaultsProps {
  readonly of: string;
  /** Only what is said of the place itself: of its parts it stands beside them. */
  readonly alone?: boolean;
}

export function FieldFaults({ of, alone = false }: FieldFaultsProps) {
  const read = useServerSentence();
  const found = useContext(PolicyFaults).filter((fault) =>
    alone ? placeOf(fault) === of : isWithin(placeOf(fault), of),
  );
  if (found.length === 0) return null;
  return (
    <ul id={idOf(of)} className="grid gap-0.5 py-1 text-breach text-sm">
      {found.map((fault) => (
        <li key={fault} className="flex gap-1.5 break-words">
          <Icon name="alert" className="mt-0.5 size-4" />
          <span className="min-w-0">{read(fault)}</span>
        </li>
      ))}
    </ul>
  );
}

export function FaultsOfRow({ place, columns }: { readonly place: string; readonly columns: number }) {
  return (
    <tr className="max-md:block">
      <td colSpan={columns} className="max-md:block">
        <FieldFaults of={place} />
      </td>
    </tr>
  );
}
