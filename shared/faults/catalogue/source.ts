import type { CatalogueEntry } from './entry.ts'

export const sourceFaults = {
  'archive-missing': {
    retry: 'after-human',
    happened: "The archive's root folder is not there.",
    safe: 'Nothing was changed, and no item was marked as vanished.',
    todo: 'Mount the archive, check the path, and run the command again.',
  },
  'source-unreadable': {
    retry: 'later',
    happened: 'The source stopped answering or refused to be read.',
    safe: 'The source was only read. Items not yet sent stay planned.',
    todo: 'Check the disk or the share the archive is on, then run the same command again.',
  },
  'source-changed': {
    retry: 'after-human',
    happened: 'An item is not what the scan found: its size or time has changed.',
    safe: 'It was left behind, not sent half old and half new.',
    todo: 'Scan and plan again when nothing writes to the archive.',
  },
} as const satisfies Record<string, CatalogueEntry>
