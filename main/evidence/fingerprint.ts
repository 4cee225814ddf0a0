/** Content fingerprint: one SHA-256 over what was found and how it ended, free of ids, times and versions. Bytes: docs/evidence.md. */
import { createHash } from 'node:crypto'
import type { Outcome } from '../../shared/domain/evidence.ts'
import { toHex } from '../../shared/units/digest.ts'
import type { ItemPath } from '../../shared/units/itemPath.ts'

export type FingerprintEntry = {
  readonly path: ItemPath
  readonly size: number
  readonly sha256: Uint8Array | undefined
  readonly outcome: Outcome
  readonly anomalies: readonly string[]
}

/** Entries of one archive, in byte order of path. */
export interface ArchiveFingerprint {
  add(entry: FingerprintEntry): void
  /** Ends it. */
  hex(): string
}

/** One record per item: path NUL size NUL sha256 NUL outcome NUL anomalies LF. A path holds no NUL, the other fields neither NUL nor LF. */
export function archiveFingerprint(): ArchiveFingerprint {
  const hash = createHash('sha256')
  return {
    add({ path, size, sha256, outcome, anomalies }) {
      hash.update(path)
      hash.update(`\0${size}\0${sha256 === undefined ? '-' : toHex(sha256)}\0${outcome}\0${anomalies.toSorted().join(',')}\n`)
    },
    hex: () => hash.digest('hex'),
  }
}

/** Of the whole migration: over the archives' fingerprints in order of their text, each followed by LF. */
export function contentFingerprint(archives: readonly string[]): string {
  const hash = createHash('sha256')
  for (const one of archives.toSorted()) hash.update(`${one}\n`)
  return hash.digest('hex')
}
