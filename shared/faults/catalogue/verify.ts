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
} as const satisfies Record<string, CatalogueEntry>
