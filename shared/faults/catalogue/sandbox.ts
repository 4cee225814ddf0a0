import type { CatalogueEntry } from './entry.ts'

export const sandboxFaults = {
  'port-in-use': {
    retry: 'after-human',
    happened: 'The port that was asked for is used by another program.',
    safe: 'Nothing was changed.',
    todo: 'Stop the other program or choose another port; without --port Firn finds a free one.',
  },
  'sandbox-only-in-rehearsal': {
    retry: 'never',
    happened: 'The simulated AWS starts only for a rehearsal.',
    safe: 'Nothing was changed.',
    todo: 'Make a new migration with `firn init --rehearsal`.',
  },
} as const satisfies Record<string, CatalogueEntry>
