/** How many times hold + window the horizons of the evidence reach back. */
export const horizons = [1, 2, 4, 8, 16] as const;
export const longestHorizon = 16 satisfies (typeof horizons)[4];
