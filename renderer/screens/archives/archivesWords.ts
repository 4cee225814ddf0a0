/** Words of the archives' screen, and its help. */
import { words } from '../../language.tsx'
import type { Help } from '../../parts/panels.ts'

export const archivesWords = words({
  en: {
    title: 'Archives and inventory',
    description: 'What there is, before anything moves. Firn only reads it.',
    inventory: 'Inventory',
    explorer: 'Explorer',
    anomalies: 'Anomalies',
    add: 'Add archive',
    scan: 'Scan',
    rescan: 'Scan again',
    goOn: 'Go on scanning',
    scanRuns: 'A scan is running.',
    none: 'No archive yet',
    noneWhy: 'Add the folder or share that shall move. Adding it changes nothing in it.',
    figuresOf: 'Figures of',
    everyArchive: 'All archives',
    figuresAfterScan: 'Figures, explorer and anomalies follow from a scan.',
    figuresSoon: 'Figures appear as the scan goes on; they are whole when it has ended.',
  },
  de: {
    title: 'Archive und Bestand',
    description: 'Was da ist, bevor sich etwas bewegt. Firn liest nur.',
    inventory: 'Bestand',
    explorer: 'Explorer',
    anomalies: 'Auffälligkeiten',
    add: 'Archiv hinzufügen',
    scan: 'Scannen',
    rescan: 'Neu scannen',
    goOn: 'Weiter scannen',
    scanRuns: 'Ein Scan läuft.',
    none: 'Noch kein Archiv',
    noneWhy: 'Den Ordner oder die Freigabe hinzufügen, die umziehen soll. Das Hinzufügen ändert nichts daran.',
    figuresOf: 'Zahlen von',
    everyArchive: 'Alle Archive',
    figuresAfterScan: 'Zahlen, Explorer und Auffälligkeiten folgen aus einem Scan.',
    figuresSoon: 'Zahlen erscheinen, während der Scan läuft; vollständig sind sie an seinem Ende.',
  },
})

export const archivesHelp: Help = words({
  en: {
    what: 'Here you see what the archives hold: by modality and year, by size, and by how long it was not touched. The explorer leads from studies to single items. Nothing here changes the archive.',
    terms: [
      ['archive', 'A folder or share that moves.'],
      ['item', 'One file.'],
      ['inventory', 'What the last scan found.'],
      ['anomaly', 'Something about an item that a person should know. It is listed, never healed.'],
      ['batch', 'A tar of small items that S3 extracts on import. Items below 1 MiB travel so.'],
      ['not touched since', 'By the time of the last change that the file system tells.'],
    ],
  },
  de: {
    what: 'Hier sehen Sie, was die Archive enthalten: nach Modalität und Jahr, nach Größe, und wie lange es unberührt blieb. Der Explorer führt von Studien zu einzelnen Dateien. Nichts hier ändert das Archiv.',
    terms: [
      ['Archiv', 'Ein Ordner oder eine Freigabe, die umzieht.'],
      ['Datei', 'Eine einzelne Datei; im Englischen „item“.'],
      ['Bestand', 'Was der letzte Scan fand.'],
      ['Auffälligkeit', 'Etwas an einer Datei, was jemand wissen sollte. Es wird aufgeführt, nie geheilt.'],
      ['Stapel', 'Ein Tar aus kleinen Dateien, das S3 beim Import auspackt. So reisen Dateien unter 1 MiB.'],
      ['unberührt seit', 'Nach der letzten Änderung, die das Dateisystem nennt.'],
    ],
  },
})
