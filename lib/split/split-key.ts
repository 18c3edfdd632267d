/** The split that was there before there were many: its policy's row is called otherwise than all others. */
export const firstSplit = 'GEN_PROVIDER_WEIGHTS';

/** The row that holds a split's policy; as `sluice.policy_key` in SQL. */
export function policyKeyOf(split: string): string {
  return split === firstSplit ? 'GEN_ROLLOUT_POLICY' : split.replace(/_WEIGHTS$/, '_POLICY');
}

/** What a split is called in addresses before the registry has been asked. */
export function usualSlug(split: string): string {
  return split === firstSplit
    ? 'gen'
    : split
        .replace(/_WEIGHTS$/, '')
        .toLowerCase()
        .replaceAll('_', '-');
}

/** The key of a new split, where none is given: `video-hd` → `VIDEO_HD_WEIGHTS`. A key has three letters at least. */
export function usualKey(slug: string): string {
  const name = slug.toUpperCase().replaceAll('-', '_');
  return `${name.length < 3 ? `${name}_SPLIT` : name}_WEIGHTS`;
}
