/** Prefixes: archives that share a bucket and lie inside one another are listed once and judged together, so that neither calls the other's items extra. */
import type { Archive } from '../../shared/domain/archive.ts'
import type { ArchiveId } from '../../shared/domain/item.ts'
import { compareUtf8 } from '../../shared/units/itemPath.ts'

export type PrefixGroup = {
  readonly bucket: string
  /** The shortest prefix of the group: every other begins with it. */
  readonly prefix: string
  readonly archives: readonly Archive[]
  /** The archive with the longest prefix that the key begins with. */
  archiveOf(key: string): ArchiveId
}

export function overlappingPrefixes(archives: readonly Archive[]): readonly PrefixGroup[] {
  const ordered = archives.toSorted((a, b) => compareUtf8(a.bucket, b.bucket) || compareUtf8(a.prefix, b.prefix))
  const groups: { bucket: string; prefix: string; archives: Archive[] }[] = []
  for (const archive of ordered) {
    const last = groups.at(-1)
    if (last !== undefined && last.bucket === archive.bucket && archive.prefix.startsWith(last.prefix)) last.archives.push(archive)
    else groups.push({ bucket: archive.bucket, prefix: archive.prefix, archives: [archive] })
  }
  return groups.map((group) => ({ ...group, archiveOf: (key) => longestMatch(group.archives, key) }))
}

function longestMatch(archives: readonly Archive[], key: string): ArchiveId {
  let best: Archive | undefined
  for (const archive of archives) if (key.startsWith(archive.prefix) && archive.prefix.length >= (best?.prefix.length ?? 0)) best = archive
  if (best === undefined) throw new RangeError('the key is outside of every prefix of its group')
  return best.id
}
