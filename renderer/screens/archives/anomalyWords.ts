/** What anomalies are called, what Firn does about them and what a person can do: English from shared/domain, German beside it. */
import { anomalies, type AnomalyCode, type Blocks } from '../../../shared/domain/anomaly.ts'
import type { Language } from '../../../shared/contract/settings.ts'
import { words } from '../../language.tsx'

export type AnomalyWords = { readonly title: string; readonly firnDoes: string; readonly youCan: string }

const german: Readonly<Record<AnomalyCode, AnomalyWords>> = {
  'not-readable': {
    title: 'Nicht lesbar',
    firnDoes: 'Lässt sie zurück und führt sie auf.',
    youCan: 'Dem Konto, unter dem Firn läuft, das Leserecht geben oder die Platte instand setzen, dann neu scannen.',
  },
  'not-a-file': {
    title: 'Symbolischer Link oder Gerätedatei',
    firnDoes: 'Führt sie auf und folgt ihr nicht; S3 und Snowball nehmen nur gewöhnliche Dateien.',
    youCan: 'Wenn das Ziel wichtig ist: den Ordner, auf den sie zeigt, als eigenes Archiv hinzufügen.',
  },
  empty: {
    title: 'Leere Datei',
    firnDoes: 'Nimmt sie mit, wie sie ist, mit 0 Byte.',
    youCan: 'Prüfen, ob ein Bild schon vor dem Umzug verloren ging.',
  },
  'header-truncated': {
    title: 'DICOM-Kopf endet zu früh',
    firnDoes: 'Nimmt die Bytes mit, wie sie sind.',
    youCan: 'Im PACS oder in der Sicherung nach einer ganzen Kopie suchen.',
  },
  'name-not-utf8': {
    title: 'Name ist kein UTF-8',
    firnDoes: 'Lässt sie zurück: Ein S3-Schlüssel muss UTF-8 sein, und umbenennen würde die Akte verändern.',
    youCan: 'An der Quelle umbenennen oder die Freigabe mit dem richtigen Zeichensatz einhängen, dann neu scannen.',
  },
  'name-unsafe-for-snowball': {
    title: 'Name enthält Zeichen, die Snowball ablehnen kann',
    firnDoes:
      'Schickt die ganze Studie auf einem anderen Weg unter ihrem eigenen Namen; oder, wenn der Plan es sagt, auf einem Gerät unter einem ersetzten (firn names führt beide auf).',
    youCan: 'Nichts; oder, wenn sie auf einem Gerät reisen muss, mit ersetzten Namen planen oder an der Quelle umbenennen.',
  },
  'name-too-long': {
    title: 'Ein Teil des Pfads ist länger als 255 Byte',
    firnDoes: 'Schickt die ganze Studie auf einem anderen Weg: Eine Dateifreigabe nimmt Namen bis 255 Byte.',
    youCan: 'Den Namen an der Quelle kürzen, wenn sie über die Freigabe gehen muss.',
  },
  'key-too-long': {
    title: 'Schlüssel wäre länger als 1.024 Byte',
    firnDoes: 'Lässt sie zurück: S3-Schlüssel fassen höchstens 1.024 Byte UTF-8.',
    youCan: 'Ein kürzeres Präfix wählen oder einen tieferen Ordner als eigenes Archiv hinzufügen.',
  },
  'name-collision': {
    title: 'Namen unterscheiden sich nur in Groß-/Kleinschreibung oder Unicode-Form',
    firnDoes: 'Nimmt beide unter ihren eigenen Namen mit; S3 unterscheidet sie, Windows und macOS nicht.',
    youCan: 'Vor einer Rücksicherung auf Windows oder macOS klären, welche gebraucht wird.',
  },
  'name-not-for-windows': {
    title: 'Name, den Windows nicht führen kann',
    firnDoes: 'Nimmt sie unter ihrem eigenen Namen mit; S3 und Snowball nehmen ihn.',
    youCan: 'Im Kopf behalten, dass sie unter diesem Namen nicht auf Windows zurückgespielt werden kann.',
  },
  'too-large': {
    title: 'Größer als 5 TB',
    firnDoes: 'Lässt sie zurück: Weder Snowball noch File Gateway nimmt sie.',
    youCan: 'Mit dem Programm teilen, das sie erzeugt hat.',
  },
  'duplicate-same-bytes': {
    title: 'Gleiche SOP Instance UID, gleiche Bytes',
    firnDoes: 'Nimmt jede Kopie mit.',
    youCan: 'Nichts; die Kopien sind identisch.',
  },
  'duplicate-different-bytes': {
    title: 'Gleiche SOP Instance UID, andere Bytes',
    firnDoes: 'Nimmt jede Kopie mit und führt den Widerspruch auf.',
    youCan: 'Die Bildgebung fragen, welche die wahre Instanz ist.',
  },
  'changed-while-read': {
    title: 'Änderte sich beim Lesen',
    firnDoes: 'Lässt sie zurück, bis ein neuer Scan sie in Ruhe findet. Was davon schon gesendet war, zählt nicht als verified.',
    youCan: 'Nicht mehr in das Archiv schreiben, neu scannen, neu planen.',
  },
  vanished: {
    title: 'Nicht mehr da',
    firnDoes: 'Behält den Eintrag.',
    youCan: 'Herausfinden, wer sie verschoben oder gelöscht hat. Firn tut das nie.',
  },
}

const blocking = words({
  en: {
    nothing: 'by any route',
    'device-lane': 'not by device',
    'share-lane': 'not by share',
    'every-lane': 'left behind',
    unknown: 'not known to this version',
  },
  de: {
    nothing: 'auf jedem Weg',
    'device-lane': 'nicht per Gerät',
    'share-lane': 'nicht per Freigabe',
    'every-lane': 'bleibt zurück',
    unknown: 'dieser Version nicht bekannt',
  },
})

function isKnown(code: string): code is AnomalyCode {
  return Object.hasOwn(anomalies, code)
}

/** A code that this version does not know is shown by its own name. */
export function anomalyWords(code: string, language: Language): AnomalyWords {
  if (!isKnown(code)) return { title: code, firnDoes: blocking[language].unknown, youCan: '' }
  return language === 'de' ? german[code] : anomalies[code]
}

export function blocksOf(code: string): Blocks {
  return isKnown(code) ? anomalies[code].blocks : 'nothing'
}

export function blocksWord(blocks: Blocks, language: Language): string {
  return blocking[language][blocks]
}
