/** Archives: source trees. Firn only ever reads them. */
import type { ArchiveId } from './item.ts'

export type Archive = {
  readonly id: ArchiveId
  /** Absolute path of the root on this machine. */
  readonly root: string
  readonly bucket: string
  /** Empty, or ends with `/`. The key of an item is prefix + its path. */
  readonly prefix: string
  readonly clutter: ClutterPolicy
}

/** Names (of a file or folder, at any depth) that are passed over and counted. `*` stands for any run of characters; case does not matter. */
export type ClutterPolicy = { readonly ignore: readonly string[] }

export const defaultClutter: ClutterPolicy = {
  ignore: [
    '.DS_Store',
    '._*',
    'Thumbs.db',
    'desktop.ini',
    '~$*',
    '*.tmp',
    '.snapshot',
    '.Trashes',
    '$RECYCLE.BIN',
    'System Volume Information',
  ],
}
