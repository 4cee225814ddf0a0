/** Words of the week's grid. */
import { words } from '../language.tsx'

export const weekGridWords = words({
  en: {
    brush: 'Paint with',
    full: 'as fast as it goes',
    limited: (rate: string) => `at most ${rate} MB/s`,
    limitedTo: 'at most',
    nothing: 'nothing is sent',
    megabytes: 'Megabytes per second',
    workingHours: 'Paint Mon–Fri 07–19',
    wholeWeek: 'Paint the whole week',
    everyDayAt: (hour: string) => `Every day at ${hour}`,
    allOf: (day: string) => `All of ${day}`,
    painted: (cells: number, what: string) => `${cells} hours painted: ${what}`,
    keys: 'Drag to paint; a day or an hour at the edge paints the whole row or column. Keyboard: arrow keys move, Shift + arrow keys choose, Space paints.',
  },
  de: {
    brush: 'Malen mit',
    full: 'so schnell es geht',
    limited: (rate) => `höchstens ${rate} MB/s`,
    limitedTo: 'höchstens',
    nothing: 'nichts wird gesendet',
    megabytes: 'Megabyte je Sekunde',
    workingHours: 'Mo–Fr 07–19 malen',
    wholeWeek: 'Ganze Woche malen',
    everyDayAt: (hour) => `Jeden Tag um ${hour}`,
    allOf: (day) => `Ganzer ${day}`,
    painted: (cells, what) => `${cells} Stunden gemalt: ${what}`,
    keys: 'Ziehen malt; ein Tag oder eine Stunde am Rand malt die ganze Zeile oder Spalte. Tastatur: Pfeiltasten bewegen, Umschalt + Pfeiltasten wählen aus, Leertaste malt.',
  },
})
