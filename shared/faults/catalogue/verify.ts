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
} as const satisfies Record<string, CatalogueEntry>
