/** Anomalies: what a person should know about an item. Counted and listed, never healed. */
export type Blocks = 'nothing' | 'device-lane' | 'share-lane' | 'every-lane'

type AnomalyKind = {
  readonly title: string
  /** Which lanes an item with this anomaly cannot take. An item that no lane takes is *left behind* with this as the reason. */
  readonly blocks: Blocks
  readonly firnDoes: string
  readonly youCan: string
}

export const anomalies = {
  'not-readable': {
    title: 'Cannot be read',
    blocks: 'every-lane',
    firnDoes: 'Leaves it behind and lists it.',
    youCan: 'Give the account that runs Firn read permission, or repair the disk, and scan again.',
  },
  'not-a-file': {
    title: 'Symbolic link or special file',
    blocks: 'every-lane',
    firnDoes: 'Lists it and does not follow it; S3 and Snowball hold regular files only.',
    youCan: 'If the target matters, add the folder it points to as an archive of its own.',
  },
  empty: {
    title: 'Empty file',
    blocks: 'nothing',
    firnDoes: 'Carries it as it is, with 0 bytes.',
    youCan: 'Check whether an image was lost before the migration began.',
  },
  'header-truncated': {
    title: 'DICOM header ends too early',
    blocks: 'nothing',
    firnDoes: 'Carries the bytes as they are.',
    youCan: 'Look for a whole copy in the PACS or on backup.',
  },
  'name-not-utf8': {
    title: 'Name is not UTF-8',
    blocks: 'every-lane',
    firnDoes: 'Leaves it behind: an S3 key must be UTF-8, and renaming it would alter the record.',
    youCan: 'Rename it at the source, or mount the share with the right character set, and scan again.',
  },
  'name-unsafe-for-snowball': {
    title: 'Name holds characters that Snowball may refuse',
    blocks: 'device-lane',
    firnDoes:
      'Sends the whole study by another lane under its own name; or, if the plan says so, on a device under a mapped one (firn names lists both).',
    youCan: 'Nothing; or, if it must travel on a device, plan with mapped names, or rename it at the source.',
  },
  'name-too-long': {
    title: 'A part of the path is longer than 255 bytes',
    blocks: 'share-lane',
    firnDoes: 'Sends the whole study by another lane: a file share takes names of up to 255 bytes.',
    youCan: 'Shorten the name at the source if it must go through the share.',
  },
  'key-too-long': {
    title: 'Key would exceed 1,024 bytes',
    blocks: 'every-lane',
    firnDoes: 'Leaves it behind: S3 keys hold at most 1,024 bytes of UTF-8.',
    youCan: 'Choose a shorter prefix, or add a deeper folder as an archive of its own.',
  },
  'name-collision': {
    title: 'Names differ only by case or by Unicode form',
    blocks: 'nothing',
    firnDoes: 'Carries both under their own names; S3 tells them apart, Windows and macOS do not.',
    youCan: 'Check which of the two is wanted before restoring to Windows or macOS.',
  },
  'name-not-for-windows': {
    title: 'Name that Windows cannot hold',
    blocks: 'nothing',
    firnDoes: 'Carries it under its own name; S3 and Snowball take it.',
    youCan: 'Keep in mind that it cannot be restored to Windows under this name.',
  },
  'too-large': {
    title: 'Larger than 5 TB',
    blocks: 'every-lane',
    firnDoes: 'Leaves it behind: neither Snowball nor File Gateway takes it.',
    youCan: 'Split it with the software that made it.',
  },
  'duplicate-same-bytes': {
    title: 'Same SOP Instance UID, same bytes',
    blocks: 'nothing',
    firnDoes: 'Carries every copy.',
    youCan: 'Nothing; the copies are identical.',
  },
  'duplicate-different-bytes': {
    title: 'Same SOP Instance UID, different bytes',
    blocks: 'nothing',
    firnDoes: 'Carries every copy and lists the conflict.',
    youCan: 'Ask the imaging department which is the true instance.',
  },
  'changed-while-read': {
    title: 'Changed while it was read',
    blocks: 'every-lane',
    firnDoes: 'Leaves it behind until a new scan finds it at rest. What was already sent of it is not counted as verified.',
    youCan: 'Stop writing to the archive, scan again, plan again.',
  },
  vanished: {
    title: 'No longer there',
    blocks: 'every-lane',
    firnDoes: 'Keeps the record of it.',
    youCan: 'Find out who moved or deleted it. Firn never does.',
  },
} as const satisfies Record<string, AnomalyKind>

export type AnomalyCode = keyof typeof anomalies

export const anomalyCodes = Object.keys(anomalies) as readonly AnomalyCode[]

/** `facts` holds numbers, codes and item ids only: never a path or a DICOM value. */
export type FoundAnomaly = { readonly code: AnomalyCode; readonly facts?: Readonly<Record<string, string | number>> }
