import type { CatalogueEntry } from './entry.ts'

export const journalFaults = {
  'journal-held': {
    retry: 'after-human',
    happened: 'Another Firn is working on this migration.',
    safe: 'Nothing was changed by this one.',
    todo: 'Wait for the other one, or stop it. If it has crashed, its claim ends by itself after the time below.',
  },
  'journal-lost-lease': {
    retry: 'after-human',
    happened: 'This Firn lost its claim on the migration, for instance because the machine slept.',
    safe: 'It stopped writing at once.',
    todo: 'Make sure no other Firn works on the migration and run the command again.',
  },
  'journal-damaged': {
    retry: 'after-human',
    happened: 'The journal cannot be read as a journal.',
    safe: 'Source and S3 are not touched. Nothing more is written to the journal.',
    todo: 'Keep the file, restore the latest copy of the migration folder, and run `firn doctor`.',
  },
  'journal-not-writable': {
    retry: 'after-human',
    happened: 'The journal cannot be opened for writing.',
    safe: 'Nothing was changed.',
    todo: 'Check the rights of the migration folder, and that its disk is not mounted read-only.',
  },
  'journal-newer': {
    retry: 'after-human',
    happened: 'The journal was written by a newer Firn.',
    safe: 'It was not changed.',
    todo: 'Use the newer Firn for this migration.',
  },
} as const satisfies Record<string, CatalogueEntry>
