import { renameSync, writeFileSync } from 'node:fs';

/** Written whole, and never readable by others, not even for an instant. */
export function writeSecret(file: string, secret: string): void {
  writeFileSync(`${file}.new`, `${secret}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
