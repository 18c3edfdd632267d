/** Bugs that can be planted in the wiring, to show that the invariants find what they are for. */
export const plantedBugs = [
  'none',
  /** A write lands whatever version it was made against. */
  'no-compare-and-set',
  /** Nobody is told that the rollout is latched. */
  'no-latch',
  /** A slot can be decided twice, by two processes at once. */
  'slot-decided-twice',
  /** A tick whose transaction was ended long ago still commits. */
  'late-commit',
  /** The watchdog's write is acknowledged and lost. */
  'lost-rollback',
  /** Deleting the row and inserting it begins the versions anew. */
  'version-rewound',
  /** The observation clock says an hour more than was served. */
  'time-not-served',
  /** The watchdog is given the verdicts' log an hour late. */
  'stale-log',
] as const;

export type PlantedBug = (typeof plantedBugs)[number];
