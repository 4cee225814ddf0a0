/** The engine's codes of planning in words: steps of a route, notes, notices, assumptions. What this version does not know keeps the engine's own text. */
import type { Assumption, Phase, PlanNote, RouteEstimate } from '../../../shared/domain/plan.ts'
import type { Route } from '../../../shared/domain/route.ts'
import type { Language } from '../../../shared/contract/settings.ts'
import { words } from '../../language.tsx'
import type { Figures } from '../../parts/figures.ts'

export const routeNames = words({
  en: { device: 'Device lane (AWS Snowball)', share: 'Share lane (Storage Gateway)', link: 'Link lane (straight to S3)' },
  de: { device: 'Gerät (AWS Snowball)', share: 'Freigabe (Storage Gateway)', link: 'Leitung (direkt nach S3)' },
})

const known = words({
  en: {
    'snowball-closed': 'This account cannot order Snowball: it is open to existing customers only.',
    'snowball-ended': 'Snowball has ended for this account.',
    'snowball-ends-before': 'Even the low figure ends after Snowball does.',
    'snowball-may-end-before': 'The high figure ends after Snowball does.',
    'snowball-not-confirmed': 'Ask your AWS account team whether this account can still order Snowball.',
    'device-type-not-orderable': 'This device type is not among those that AWS lists as orderable.',
    'over-free-days': 'A device may stay longer than the 15 days that a job includes; each further day is charged.',
    'no-gateway': 'There is no Storage Gateway.',
    'more-than-cached-metadata':
      'More files than the gateway keeps metadata of in its cache. It stores them all, but lists them more slowly.',
    'larger-than-cache':
      'The cache of the gateway fills up: copying then waits for the link. What is copied to the share is not yet in S3.',
    'takes-nothing': 'It can take none of the items.',
    'deadline-missed': 'Even the low figure ends after the deadline.',
    'deadline-tight': 'The high figure ends after the deadline.',
    'snowball-existing-customers-only': 'Snowball can only be ordered by accounts that already used it before 2025-11-07.',
    'snowball-commercial-sunset':
      'AWS ends support for Snowball in its commercial Regions on 2026-12-31. Confirm with your AWS account team, before ordering, the last dates to order, to return and to import; use the share or link lane for anything that cannot be shipped, imported and verified before then.',
  },
  de: {
    'snowball-closed': 'Dieses Konto kann kein Snowball bestellen: Es steht nur Bestandskunden offen.',
    'snowball-ended': 'Snowball ist für dieses Konto beendet.',
    'snowball-ends-before': 'Selbst die niedrige Zahl endet erst nach dem Ende von Snowball.',
    'snowball-may-end-before': 'Die hohe Zahl endet erst nach dem Ende von Snowball.',
    'snowball-not-confirmed': 'Ihr AWS-Betreuungsteam fragen, ob dieses Konto noch Snowball bestellen kann.',
    'device-type-not-orderable': 'Dieser Gerätetyp gehört nicht zu denen, die AWS als bestellbar führt.',
    'over-free-days': 'Ein Gerät bleibt vielleicht länger als die 15 Tage, die ein Auftrag enthält; jeder weitere Tag wird berechnet.',
    'no-gateway': 'Es gibt kein Storage Gateway.',
    'more-than-cached-metadata': 'Mehr Dateien, als das Gateway Metadaten im Cache hält. Es speichert alle, listet sie aber langsamer.',
    'larger-than-cache':
      'Der Cache des Gateways läuft voll: Das Kopieren wartet dann auf die Leitung. Was auf die Freigabe kopiert ist, ist noch nicht in S3.',
    'takes-nothing': 'Sie kann keine der Dateien nehmen.',
    'deadline-missed': 'Selbst die niedrige Zahl endet nach dem Termin.',
    'deadline-tight': 'Die hohe Zahl endet nach dem Termin.',
    'snowball-existing-customers-only': 'Snowball können nur Konten bestellen, die es schon vor dem 07.11.2025 nutzten.',
    'snowball-commercial-sunset':
      'AWS beendet die Unterstützung von Snowball in seinen kommerziellen Regionen am 31.12.2026. Vor der Bestellung beim AWS-Betreuungsteam die letzten Tage für Bestellung, Rücksendung und Import bestätigen lassen; was bis dahin nicht verschickt, importiert und geprüft sein kann, geht über Freigabe oder Leitung.',
  },
})

/** Words of a note or a dated notice. */
export function noteText({ code, text }: PlanNote, language: Language, notAll: string): string {
  if (code === 'not-all') return notAll
  const table: Readonly<Record<string, string>> = known[language]
  return table[code] ?? text
}

const phases = words({
  en: {
    prepare: 'AWS prepares and hands over the device',
    'transit-here': 'Carrier brings it',
    'on-site': 'Receive, connect, unlock; wait for the collection',
    load: 'Load the devices',
    'transit-back': 'Carrier takes it back',
    sorting: 'AWS sorting facility',
    'import-start': 'Import starts',
    import: 'Import, about two business days',
    transfer: 'Transfer',
    verify: 'Verify against S3',
  },
  de: {
    prepare: 'AWS bereitet das Gerät vor und übergibt es',
    'transit-here': 'Spedition bringt es',
    'on-site': 'Annehmen, anschließen, entsperren; auf die Abholung warten',
    load: 'Geräte beladen',
    'transit-back': 'Spedition nimmt es mit',
    sorting: 'Verteilzentrum von AWS',
    'import-start': 'Import beginnt',
    import: 'Import, etwa zwei Werktage',
    transfer: 'Übertragen',
    verify: 'Gegen S3 prüfen',
  },
})

export function phaseText({ id, text }: Phase, language: Language): string {
  const table: Readonly<Record<string, string>> = phases[language]
  return table[id] ?? text
}

export const bottlenecks = words({
  en: { items: 'the number of items', bytes: 'the bytes', calendar: 'shipping and import' },
  de: { items: 'die Zahl der Dateien', bytes: 'die Bytes', calendar: 'Versand und Import' },
})

const assumptions = words({
  en: {
    'link-rate': 'Speed of the link',
    'link-share': 'Part of the link that the move may use',
    'link-hours': 'Hours of a day in which the link may be used',
    'link-items': 'Whole objects put per second',
    'source-rate': 'What the disks of the archive give',
    snowball: 'The account still has Snowball',
    'snowball-ends': 'Snowball ends for this account',
    'device-size': 'What one device holds',
    'device-fill': 'Part of a device that is filled',
    'device-quota': 'Devices that the account may have at once',
    'device-rate': 'What one device takes',
    'batched-item': 'Time of one item in a batch besides its bytes',
    'lone-item': 'Time of one item alone besides its bytes',
    'free-days': 'Days on site included in a job',
    'gateway-size': 'Size of the gateway',
    'gateway-cache': 'Cache of the gateway',
    'gateway-files': 'Small files that a share writes to S3',
    'verify-items': 'Objects verified',
    slowdown: 'A real move may be slower than the arithmetic by',
    'your answer': 'your answer',
    'your answer or its default': 'your answer or its default',
    judgement: 'judgement; measure with a sample of your own',
  },
  de: {
    'link-rate': 'Geschwindigkeit der Leitung',
    'link-share': 'Teil der Leitung, den der Umzug nutzen darf',
    'link-hours': 'Stunden am Tag, in denen die Leitung genutzt werden darf',
    'link-items': 'Ganze Objekte je Sekunde',
    'source-rate': 'Was die Platten des Archivs hergeben',
    snowball: 'Das Konto hat noch Snowball',
    'snowball-ends': 'Snowball endet für dieses Konto',
    'device-size': 'Was ein Gerät fasst',
    'device-fill': 'Teil eines Geräts, der gefüllt wird',
    'device-quota': 'Geräte, die das Konto gleichzeitig haben darf',
    'device-rate': 'Was ein Gerät aufnimmt',
    'batched-item': 'Zeit einer Datei im Stapel neben ihren Bytes',
    'lone-item': 'Zeit einer einzelnen Datei neben ihren Bytes',
    'free-days': 'Tage vor Ort, die ein Auftrag enthält',
    'gateway-size': 'Größe des Gateways',
    'gateway-cache': 'Cache des Gateways',
    'gateway-files': 'Kleine Dateien, die eine Freigabe nach S3 schreibt',
    'verify-items': 'Geprüfte Objekte',
    slowdown: 'Ein echter Umzug kann langsamer sein als die Rechnung, um das',
    'your answer': 'Ihre Angabe',
    'your answer or its default': 'Ihre Angabe oder die Vorgabe',
    judgement: 'Einschätzung; mit einer eigenen Probe messen',
  },
})

export function assumptionText({ id, text }: Assumption, language: Language): string {
  const table: Readonly<Record<string, string>> = assumptions[language]
  if (id.startsWith('calendar-')) return phaseText({ id: id.slice('calendar-'.length), text, days: { low: 0, high: 0 } }, language)
  return table[id] ?? text
}

/** Titles of guides stay as they are; what Firn itself says is put into words. */
export function sourceText(source: string, language: Language): string {
  const table: Readonly<Record<string, string>> = assumptions[language]
  if (source.startsWith('judgement')) return assumptions[language].judgement
  const own = table[source]
  return own ?? (language === 'de' ? (source.split(':')[0] ?? source) : source)
}

const units = words({
  en: {
    'of 1': 'of 1',
    h: 'h',
    'at once': 'at once',
    d: 'days',
    'd per wave': 'days per wave',
    times: 'times',
    'items/s': 'items/s',
    'files/s': 'files/s',
  },
  de: {
    'of 1': 'von 1',
    h: 'h',
    'at once': 'gleichzeitig',
    d: 'Tage',
    'd per wave': 'Tage je Welle',
    times: 'fache',
    'items/s': 'Dateien/s',
    'files/s': 'Dateien/s',
  },
})

export function unitText(unit: string, language: Language): string {
  const table: Readonly<Record<string, string>> = units[language]
  return table[unit] ?? unit
}

/** Codes under which a route cannot be chosen at all; others are for a person to weigh. */
const closing = new Set(['snowball-closed', 'snowball-ended', 'no-gateway', 'takes-nothing'])

export function isClosed({ notPossible }: RouteEstimate): boolean {
  return notPossible.some(({ code }) => closing.has(code))
}

export const shortRoutes = words({
  en: { device: 'device lane', share: 'share lane', link: 'link lane' },
  de: { device: 'Weg über Geräte', share: 'Weg über die Freigabe', link: 'Weg über die Leitung' },
})

export function nextBest(routes: readonly RouteEstimate[], recommended: Route): RouteEstimate | undefined {
  return routes.filter((one) => one.route !== recommended && one.notPossible.length === 0).toSorted((a, b) => a.days.high - b.days.high)[0]
}

const noticeTitles = words({
  en: {
    'snowball-existing-customers-only': 'open to existing customers only',
    'snowball-commercial-sunset': 'AWS ends support for Snowball',
  },
  de: {
    'snowball-existing-customers-only': 'nur für Bestandskunden',
    'snowball-commercial-sunset': 'AWS beendet die Unterstützung von Snowball',
  },
})

/** A few words for a column; the whole notice stands below the table. */
export function noticeTitle({ id, text }: { readonly id: string; readonly text: string }, language: Language): string {
  const table: Readonly<Record<string, string>> = noticeTitles[language]
  return table[id] ?? text
}

/** 2026-12-31, as the language writes it. */
export function isoDate(figures: Figures, day: string): string {
  return figures.studyDate(day.replaceAll('-', ''))
}
