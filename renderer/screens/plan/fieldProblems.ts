/** Why an answer cannot be used, in words, at its field. */
import { words } from '../../language.tsx'

export const fieldProblems = words({
  en: {
    'link.share': 'A part above 0 and up to 100 %',
    'link.hoursPerDay': 'Hours above 0 and up to 24',
    'link.windows': 'Times of day, HH:MM',
    'link.itemsPerSecond': 'Two figures above 0, the low one not above the high one',
    verifyItemsPerSecond: 'Two figures above 0, the low one not above the high one',
    'device.batchedItemMs': 'Two figures, the low one not above the high one',
    'device.loneItemMs': 'Two figures, the low one not above the high one',
    'device.fill': 'A part above 0 and up to 95 %: writing to a full device can corrupt data',
    'device.atOnce': 'A whole number from 1',
    'gateway.cacheBytes': 'A number from 0',
    'gateway.size': 'The chosen route needs a gateway',
    snowballEnds: 'A day, YYYY-MM-DD',
    deadline: 'A day, YYYY-MM-DD, not before today',
    division: 'A day, YYYY-MM-DD',
    other: 'A number above 0',
  },
  de: {
    'link.share': 'Ein Teil über 0 und bis 100 %',
    'link.hoursPerDay': 'Stunden über 0 und bis 24',
    'link.windows': 'Tageszeiten, HH:MM',
    'link.itemsPerSecond': 'Zwei Zahlen über 0, die niedrige nicht über der hohen',
    verifyItemsPerSecond: 'Zwei Zahlen über 0, die niedrige nicht über der hohen',
    'device.batchedItemMs': 'Zwei Zahlen, die niedrige nicht über der hohen',
    'device.loneItemMs': 'Zwei Zahlen, die niedrige nicht über der hohen',
    'device.fill': 'Ein Teil über 0 und bis 95 %: Auf ein volles Gerät zu schreiben kann Daten beschädigen',
    'device.atOnce': 'Eine ganze Zahl ab 1',
    'gateway.cacheBytes': 'Eine Zahl ab 0',
    'gateway.size': 'Der gewählte Weg braucht ein Gateway',
    snowballEnds: 'Ein Tag, JJJJ-MM-TT',
    deadline: 'Ein Tag, JJJJ-MM-TT, nicht vor heute',
    division: 'Ein Tag, JJJJ-MM-TT',
    other: 'Eine Zahl über 0',
  },
})

export function problemText(of: Readonly<Record<string, string>>, name: string): string {
  return of[name] ?? of['other'] ?? ''
}
