import { fingerprintOf, unseal } from './seal';

/** A row of sluice.provider_keys that serves. */
export interface SealedKey {
  readonly provider: string;
  readonly version: number;
  readonly sealed: string;
  readonly sealedWith: string;
}

/** `version` 0: of the environment. */
export interface UsedKey {
  readonly key: string;
  readonly version: number;
}

interface KeyParts {
  /** What seals; null: none is known here, and what is stored cannot be read. */
  readonly secret: Uint8Array | null;
  /** The key that the environment holds for a provider. */
  readonly environment: (provider: string) => string | null;
}

/** The providers' keys as this process knows them: read by each call, swapped whole when one is stored or retired. */
export class ProviderKeys {
  private opened: ReadonlyMap<string, readonly UsedKey[]> = new Map();
  private closed: ReadonlyMap<string, string> = new Map();

  constructor(private readonly parts: KeyParts) {}

  /** The newest stored key that opens, else the environment's; null: the provider has none. */
  keyOf(provider: string): UsedKey | null {
    const stored = this.opened.get(provider)?.[0];
    if (stored) return stored;
    const key = this.parts.environment(provider);
    return key === null ? null : { key, version: 0 };
  }

  /** For what was begun with an older key, which goes on with it; null: it was retired, or cannot be read. */
  keyAt(provider: string, version: number): string | null {
    if (version === 0) return this.parts.environment(provider);
    return this.at(provider, version);
  }

  private at(provider: string, version: number): string | null {
    return this.opened.get(provider)?.find((one) => one.version === version)?.key ?? null;
  }

  /** Why stored keys of a provider are not used. */
  get faults(): ReadonlyMap<string, string> {
    return this.closed;
  }

  /** All that is stored and not retired. */
  learn(rows: readonly SealedKey[]): void {
    const opened = new Map<string, UsedKey[]>();
    const closed = new Map<string, string>();
    for (const row of [...rows].sort((a, b) => b.version - a.version)) {
      // A version is always the same key: sealed anew with a secret that is not here yet, it is the one that was opened before.
      const key = this.open(row) ?? this.at(row.provider, row.version);
      if (key === null) closed.set(row.provider, closed.get(row.provider) ?? this.whyClosed(row));
      else opened.set(row.provider, [...(opened.get(row.provider) ?? []), { key, version: row.version }]);
    }
    this.opened = opened;
    this.closed = closed;
  }

  private open(row: SealedKey): string | null {
    return this.parts.secret === null ? null : unseal(this.parts.secret, row, row.sealed);
  }

  private whyClosed({ version, sealedWith }: SealedKey): string {
    return closedSentence(version, sealedWith, this.parts.secret);
  }
}

export function closedSentence(version: number, sealedWith: string, secret: Uint8Array | null): string {
  const what = `key version ${version} cannot be read`;
  if (secret === null) return `${what}: it is sealed with SLUICE_SECRET_KEY ${sealedWith}, and none is set here`;
  const own = fingerprintOf(secret);
  if (own === sealedWith) return `${what}: what is stored was changed after it was sealed`;
  return `${what}: it is sealed with SLUICE_SECRET_KEY ${sealedWith}, and the one set here is ${own}`;
}
