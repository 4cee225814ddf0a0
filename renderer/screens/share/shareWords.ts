/** Words of the Share screen. */
import type { ShareFlag } from '../../../shared/contract/calls/share.ts'
import { words } from '../../language.tsx'

type FlagWords = { readonly what: string; readonly todo: string }

const englishFlags = {
  'share-not-available': {
    what: 'The gateway does not report the share as available.',
    todo: 'Look at the gateway in the AWS console; push nothing until it is back.',
  },
  'cache-filling': {
    what: 'The cache holds 80 % or more that is not yet uploaded: the gateway uploads more slowly than is written.',
    todo: 'Firn slows down by itself. Give the gateway more upload bandwidth if it stays like this.',
  },
  'cache-full': {
    what: 'The cache is 90 % dirty: the gateway refuses new files.',
    todo: 'Wait until it has drained; Firn goes on by itself. Do not reset the cache: what is in it is not yet in S3.',
  },
  'files-failing-upload': {
    what: 'The gateway reports files that it cannot upload to S3.',
    todo: 'Read the gateway’s health log for the cause. They lie in its cache; do not reset it.',
  },
  'no-figures': {
    what: 'CloudWatch has no figures of this gateway. That is not 0: it is not known.',
    todo: 'Give the account cloudwatch:GetMetricData, and wait for five minutes after the gateway began to work.',
  },
  'folder-missing': {
    what: 'The folder where the share should be mounted is not there.',
    todo: 'Mount the share, then look again.',
  },
  'folder-read-only': {
    what: 'Firn may not write to the folder of the share.',
    todo: 'Mount it with write permission for the account that runs Firn.',
  },
} as const satisfies Record<ShareFlag, FlagWords>

export const shareWords = words({
  en: {
    title: 'Share',
    description: 'Copied to the share is not yet in S3: the gateway’s cache uploads it, and only then it has landed.',
    start: 'Start pushing',
    nothingToPush: 'Everything planned for the share is pushed, or is being pushed.',
    land: 'See what landed',
    notPlanned: 'The plan sends nothing through the share',
    notPlannedMeans: 'That is no fault. If studies shall go this way, choose so in the plan.',
    toPlan: 'To the plan',
    noShare: 'No file share was found',
    noShareMeans:
      'Firn looks for the share of a Storage Gateway of this account, mounted in a folder of this machine. Once the gateway has a share, mount it and look again.',
    again: 'Look again',
    guard: 'Guard of the cache',
    states: { open: 'Open', 'holding-back': 'Holding back', idle: 'At rest', unknown: 'Not known' },
    open: (dirty: string | undefined) =>
      dirty === undefined ? 'Open: the cache takes new files.' : `Open: cache ${dirty} dirty, new files are taken.`,
    idle: 'At rest: nothing is being pushed.',
    unknown: 'Not known: the gateway has not told the state of its cache.',
    holding: (parts: string) => `Holding back: ${parts}.`,
    dirty: (share: string) => `cache ${share} dirty`,
    draining: (rate: string) => `draining ${rate}`,
    resumes: (range: string) => `resumes in about ${range}`,
    cache: 'Cache of the gateway',
    gauge: 'Part of the cache that waits for upload',
    gaugeText: (dirty: string, used: string, size: string) =>
      `${dirty} of ${size} wait for upload, ${used} are used; at 80 percent Firn slows down, at 90 percent the gateway refuses`,
    dirtyWord: 'dirty',
    mark80: 'slower',
    mark90: 'refuses',
    noCache: 'The gateway has not told the state of its cache.',
    size: 'Size',
    used: 'Used',
    waiting: 'Waits for upload',
    drain: 'Draining',
    notDraining: 'not known',
    failing: 'Files that fail to upload',
    way: 'On its way',
    planned: 'Planned',
    pushed: 'Pushed',
    pushedMeans: 'on the share',
    landed: 'Landed',
    landedMeans: 'in S3',
    landedUnknown: 'nobody has looked yet',
    landedByGateway: (bytes: string) => `${bytes} by the gateway’s word; nobody has looked at S3 yet`,
    verified: 'Verified',
    verifiedMeans: 'digests compared',
    ofPlanned: (share: string) => `${share} of the plan`,
    gap: 'Between pushed and landed',
    gapBytes: (bytes: string) => `${bytes} to land`,
    gapTime: (range: string) => `about ${range}`,
    gapNothing: 'Nothing was pushed yet.',
    gapNone: 'All that was pushed has landed.',
    gapUnknown: 'not known until somebody looks at S3',
    bar: 'What the plan sends through the share',
    verifiedPart: 'verified',
    landedPart: 'landed',
    pushedPart: 'pushed, not landed',
    waitingPart: 'to push',
    throughput: 'Throughput of the share lane',
    flags: 'What is wrong with the share',
    noFlags: 'Nothing is wrong with the share.',
    gateway: 'Gateway',
    status: 'Status of the share',
    protocol: 'Protocol',
    location: 'Bucket behind it',
    shareArn: 'Share',
    flagWords: englishFlags,
    looked: 'Looked',
  },
  de: {
    title: 'Freigabe',
    description: 'Auf die Freigabe geschrieben heißt noch nicht in S3: der Cache des Gateways lädt es hoch, und erst dann ist es gelandet.',
    start: 'Schreiben starten',
    nothingToPush: 'Alles für die Freigabe Geplante ist geschrieben oder wird gerade geschrieben.',
    land: 'Ankunft nachsehen',
    notPlanned: 'Der Plan schickt nichts über die Freigabe',
    notPlannedMeans: 'Das ist kein Fehler. Sollen Studien diesen Weg nehmen, wird das im Plan gewählt.',
    toPlan: 'Zum Plan',
    noShare: 'Keine Dateifreigabe gefunden',
    noShareMeans:
      'Firn sucht die Freigabe eines Storage Gateways dieses Kontos, eingehängt in einem Ordner dieses Rechners. Sobald das Gateway eine Freigabe hat: einhängen und erneut nachsehen.',
    again: 'Erneut nachsehen',
    guard: 'Wächter des Cache',
    states: { open: 'Offen', 'holding-back': 'Hält zurück', idle: 'In Ruhe', unknown: 'Nicht bekannt' },
    open: (dirty) =>
      dirty === undefined
        ? 'Offen: der Cache nimmt neue Dateien an.'
        : `Offen: Cache zu ${dirty} nicht hochgeladen, neue Dateien werden angenommen.`,
    idle: 'In Ruhe: es wird nichts geschrieben.',
    unknown: 'Nicht bekannt: das Gateway hat den Zustand seines Cache nicht genannt.',
    holding: (parts) => `Hält zurück: ${parts}.`,
    dirty: (share) => `Cache zu ${share} nicht hochgeladen`,
    draining: (rate) => `fließt mit ${rate} ab`,
    resumes: (range) => `weiter in etwa ${range}`,
    cache: 'Cache des Gateways',
    gauge: 'Teil des Cache, der auf das Hochladen wartet',
    gaugeText: (dirty, used, size) =>
      `${dirty} von ${size} warten auf das Hochladen, ${used} sind belegt; bei 80 Prozent wird Firn langsamer, bei 90 Prozent lehnt das Gateway ab`,
    dirtyWord: 'wartet',
    mark80: 'langsamer',
    mark90: 'lehnt ab',
    noCache: 'Das Gateway hat den Zustand seines Cache nicht genannt.',
    size: 'Größe',
    used: 'Belegt',
    waiting: 'Wartet auf das Hochladen',
    drain: 'Fließt ab mit',
    notDraining: 'nicht bekannt',
    failing: 'Dateien, die sich nicht hochladen lassen',
    way: 'Unterwegs',
    planned: 'Geplant',
    pushed: 'Geschrieben',
    pushedMeans: 'auf der Freigabe',
    landed: 'Gelandet',
    landedMeans: 'in S3',
    landedUnknown: 'noch hat niemand nachgesehen',
    landedByGateway: (bytes) => `${bytes}, sagt das Gateway; in S3 hat noch niemand nachgesehen`,
    verified: 'Verified',
    verifiedMeans: 'Prüfsummen verglichen',
    ofPlanned: (share) => `${share} des Plans`,
    gap: 'Zwischen geschrieben und gelandet',
    gapBytes: (bytes) => `${bytes} noch nicht gelandet`,
    gapTime: (range) => `etwa ${range}`,
    gapNothing: 'Noch wurde nichts geschrieben.',
    gapNone: 'Alles Geschriebene ist gelandet.',
    gapUnknown: 'nicht bekannt, solange niemand in S3 nachsieht',
    bar: 'Was der Plan über die Freigabe schickt',
    verifiedPart: 'verified',
    landedPart: 'gelandet',
    pushedPart: 'geschrieben, nicht gelandet',
    waitingPart: 'noch zu schreiben',
    throughput: 'Durchsatz über die Freigabe',
    flags: 'Was mit der Freigabe nicht stimmt',
    noFlags: 'Mit der Freigabe ist alles in Ordnung.',
    gateway: 'Gateway',
    status: 'Zustand der Freigabe',
    protocol: 'Protokoll',
    location: 'Bucket dahinter',
    shareArn: 'Freigabe',
    looked: 'Nachgesehen',
    flagWords: {
      'share-not-available': {
        what: 'Das Gateway meldet die Freigabe nicht als verfügbar.',
        todo: 'Das Gateway in der AWS-Konsole ansehen; nichts schreiben, bis es zurück ist.',
      },
      'cache-filling': {
        what: '80 % oder mehr des Cache sind noch nicht hochgeladen: das Gateway lädt langsamer hoch, als geschrieben wird.',
        todo: 'Firn wird von selbst langsamer. Bleibt es so, dem Gateway mehr Bandbreite zum Hochladen geben.',
      },
      'cache-full': {
        what: '90 % des Cache sind nicht hochgeladen: das Gateway lehnt neue Dateien ab.',
        todo: 'Warten, bis er abgeflossen ist; Firn macht von selbst weiter. Den Cache nicht zurücksetzen: sein Inhalt ist noch nicht in S3.',
      },
      'files-failing-upload': {
        what: 'Das Gateway meldet Dateien, die es nicht nach S3 hochladen kann.',
        todo: 'Die Ursache im Health-Log des Gateways nachlesen. Sie liegen in seinem Cache; ihn nicht zurücksetzen.',
      },
      'no-figures': {
        what: 'CloudWatch hat keine Zahlen zu diesem Gateway. Das heißt nicht 0, sondern unbekannt.',
        todo: 'Dem Konto cloudwatch:GetMetricData geben, und nach dem Start des Gateways fünf Minuten warten.',
      },
      'folder-missing': {
        what: 'Der Ordner, in dem die Freigabe eingehängt sein soll, ist nicht da.',
        todo: 'Die Freigabe einhängen, dann erneut nachsehen.',
      },
      'folder-read-only': {
        what: 'Firn darf nicht in den Ordner der Freigabe schreiben.',
        todo: 'Mit Schreibrecht für das Konto einhängen, unter dem Firn läuft.',
      },
    },
  },
})

export type ShareWords = (typeof shareWords)['en']

export function flagWordsOf(t: ShareWords, flag: string): FlagWords | undefined {
  return Object.hasOwn(t.flagWords, flag) ? t.flagWords[flag as ShareFlag] : undefined
}

export const shareHelp = words({
  en: {
    what: 'The gateway takes files into its cache first and uploads them afterwards. Firn holds back before the cache is full, and counts a file only when it is in S3.',
    terms: [
      ['dirty', 'In the cache and not yet uploaded.'],
      ['landed', 'Visible in S3.'],
      ['guard', 'Slows down at 80 % and stops before 90 %, where the gateway would refuse.'],
    ],
  },
  de: {
    what: 'Das Gateway nimmt Dateien zuerst in seinen Cache und lädt sie danach hoch. Firn hält zurück, bevor der Cache voll ist, und zählt eine Datei erst, wenn sie in S3 ist.',
    terms: [
      ['wartet', 'Im Cache und noch nicht hochgeladen.'],
      ['gelandet', 'In S3 sichtbar.'],
      ['Wächter', 'Wird bei 80 % langsamer und hört vor 90 % auf, wo das Gateway ablehnen würde.'],
    ],
  },
})
