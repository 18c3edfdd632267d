const prime = 0x01000193;
const basis = 0x811c9dc5;

/**
 * A stable 32-bit hash of a key: FNV-1a over both bytes of each UTF-16 unit, then murmur3's final mix, without which
 * short keys crowd together. The seed enters the state, not the key: `a` + `bc` and `ab` + `c` stay apart.
 */
export function hash32(key: string, seed: number): number {
  let hash = basis ^ mix(seed);
  for (let at = 0; at < key.length; at += 1) {
    const unit = key.charCodeAt(at);
    hash = Math.imul(hash ^ (unit & 0xff), prime);
    hash = Math.imul(hash ^ (unit >>> 8), prime);
  }
  return mix(hash ^ key.length);
}

function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
