'use client';

import { useTranslations } from 'next-intl';

const bases = ['billed', 'units_x_price', 'price_list', 'unknown', 'unpriced'] as const;

/** Where a cost comes from, in words; what a later version writes stands as it is. */
export function useBasisName(): (basis: string) => string {
  const t = useTranslations('cost');
  return (basis) => {
    const known = bases.find((each) => each === basis);
    return known ? t(`basis.${known}`) : basis;
  };
}
