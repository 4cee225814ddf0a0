import type { CatalogueEntry } from './entry.ts'

export const verifyFaults = {
  'nothing-checked': {
    retry: 'after-human',
    happened: 'The verification checked nothing.',
    safe: 'That proves nothing, good or bad.',
    todo: 'Load or push first, and check that bucket and prefix are right.',
  },
  'not-all-verified': {
    retry: 'after-human',
    happened: 'Not every item could be verified.',
    safe: 'The source is untouched. Do not free it yet.',
    todo: 'Read the report: it names each item and why.',
  },
  'listing-disordered': {
    retry: 'never',
    happened: 'A listing did not come in the order of its keys, so it cannot be compared with the journal.',
    safe: 'Nothing was judged by it, and nothing was changed.',
    todo: 'Use a general purpose bucket: directory buckets list without order. Otherwise report it as a fault of Firn.',
  },
  'nothing-to-free': {
    retry: 'after-human',
    happened: 'No study is wholly verified within the last 30 days, unchanged for so long, and free of kept patients.',
    safe: 'Nothing was written, and nothing may be freed.',
    todo: 'Run a verification, or look at `firn status` for what is not verified yet.',
  },
  'free-list-changed': {
    retry: 'after-human',
    happened:
      'What is on this list is no longer all proven, was verified too long ago, or is no longer what it was when the list was made.',
    safe: 'Nothing was signed or written. Do not free anything by an older file of this list.',
    todo: 'Run a verification, make a new list with `firn safe-to-free --make`, and have it signed.',
  },
  'free-list-unsigned': {
    retry: 'after-human',
    happened: 'Two different people must sign a list before its files are written.',
    safe: 'Nothing was written.',
    todo: 'Have it signed: `firn safe-to-free --sign N --person NAME`.',
  },
} as const satisfies Record<string, CatalogueEntry>
