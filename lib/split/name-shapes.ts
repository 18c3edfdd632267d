/** How things are called; the guards of the database judge the same. */

/** Of arms, providers and callers. */
export const nameShape = /^[a-z][a-z0-9_-]{0,31}$/;
export const slugShape = /^[a-z][a-z0-9-]{0,31}$/;
export const splitKeyShape = /^[A-Z][A-Z0-9_]{2,60}_WEIGHTS$/;
/** What comes to a split or may be relayed unasked: a path of one part, such as /kling. */
export const prefixShape = /^\/[a-z0-9][a-z0-9._-]{0,62}$/;
/** A model's name, or a glob of such names: flux-*. */
export const globShape = /^[A-Za-z0-9*?][A-Za-z0-9*?._:/@-]{0,127}$/;
