/** Custody spoken: steps, places and notes of Firn's own, in English and German. */
import { formatBytes } from '../units/bytes.ts'
import type { CustodyEntry, CustodyNote, CustodyStep } from './custody.ts'

export type CustodyLanguage = 'en' | 'de'

export const custodyStepWords = {
  en: {
    ordered: 'Ordered',
    received: 'Received',
    unlocked: 'Unlocked',
    loading: 'Loading begun',
    loaded: 'Loaded',
    inspected: 'Inspected',
    locked: 'Locked and powered off',
    moved: 'Moved in the house',
    'handed-over': 'Handed over',
    carrier: 'With the carrier',
    'at-aws': 'Arrived at AWS',
    imported: 'Imported',
    erased: 'Erased',
    'given-up': 'Given up as dead',
    correction: 'Correction',
  },
  de: {
    ordered: 'Bestellt',
    received: 'Angenommen',
    unlocked: 'Entsperrt',
    loading: 'Beladen begonnen',
    loaded: 'Beladen',
    inspected: 'Durchgesehen',
    locked: 'Gesperrt und ausgeschaltet',
    moved: 'Im Haus bewegt',
    'handed-over': 'Übergeben',
    carrier: 'Beim Spediteur',
    'at-aws': 'Bei AWS angekommen',
    imported: 'Importiert',
    erased: 'Gelöscht',
    'given-up': 'Als tot aufgegeben',
    correction: 'Berichtigung',
  },
} as const satisfies Record<CustodyLanguage, Record<CustodyStep, string>>

const stepPlaces: Partial<Record<CustodyStep, 'site' | 'aws' | 'way'>> = {
  loading: 'site',
  loaded: 'site',
  inspected: 'site',
  carrier: 'way',
  'at-aws': 'aws',
  imported: 'aws',
  erased: 'aws',
}
const placeWords = {
  en: { site: 'on site', aws: 'AWS', way: 'on the way' },
  de: { site: 'vor Ort', aws: 'AWS', way: 'unterwegs' },
} as const satisfies Record<CustodyLanguage, Record<string, string>>

/** As a person told it; else where such a step happens. */
export function custodyPlace({ place, step }: Pick<CustodyEntry, 'place' | 'step'>, language: CustodyLanguage): string {
  const usual = stepPlaces[step]
  return place !== '' || usual === undefined ? place : placeWords[language][usual]
}

/** What Firn adds and what a person typed, in one line. */
export function custodyNoteText({ note, said }: Pick<CustodyEntry, 'note' | 'said'>, language: CustodyLanguage): string {
  return [note, said === null ? '' : spoken[language](said)].filter((part) => part !== '').join('; ')
}

const spoken = { en: english, de: german } as const satisfies Record<CustodyLanguage, (note: CustodyNote) => string>

function english(note: CustodyNote): string {
  switch (note.code) {
    case 'job':
      return `job ${note.job}`
    case 'aws-state':
      return `as AWS reports: ${note.state}`
    case 'loaded':
      return `${note.items} items, ${formatBytes(note.bytes)}`
    case 'bill':
      return `bill of materials SHA-256 ${note.sha256}`
    case 'inspection':
      return `${note.items} items, ${formatBytes(note.bytes)}, ${note.batches} batches; bill of materials SHA-256 ${note.sha256}; ${note.leftBehind} left behind; ${note.sampled} read back (seed ${note.seed}), ${note.differing} differ`
    case 'given-up':
      return `nothing on it counts; all of it goes ${note.device === null ? 'straight to S3' : `onto device ${note.device}`}`
  }
}

function german(note: CustodyNote): string {
  switch (note.code) {
    case 'job':
      return `Auftrag ${note.job}`
    case 'aws-state':
      return `wie AWS meldet: ${note.state}`
    case 'loaded':
      return `${note.items} Dateien, ${formatBytes(note.bytes)}`
    case 'bill':
      return `Stückliste SHA-256 ${note.sha256}`
    case 'inspection':
      return `${note.items} Dateien, ${formatBytes(note.bytes)}, ${note.batches} Stapel; Stückliste SHA-256 ${note.sha256}; ${note.leftBehind} zurückgeblieben; ${note.sampled} zurückgelesen (Startwert ${note.seed}), ${note.differing} weichen ab`
    case 'given-up':
      return `nichts darauf zählt; alles geht ${note.device === null ? 'geradewegs zu S3' : `auf Gerät ${note.device}`}`
  }
}
