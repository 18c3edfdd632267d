'use client';

import { useMutation } from '@tanstack/react-query';
import { type ApiProblem, writeApi } from './api';
import { useSluggedHref } from './slugged';

interface CardLink {
  readonly path: string;
  readonly ends_at: string;
}

/** A link to the picture of the open split, for a chat. */
export function useCardLink() {
  const href = useSluggedHref();
  return useMutation<CardLink, ApiProblem, void>({
    mutationFn: () => writeApi<CardLink>('POST', `/api/splits/${href('').slice('/s/'.length)}/card-links`, {}),
  });
}
