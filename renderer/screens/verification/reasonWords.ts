/** Why an item is not verified, in words: reasons of verification and stops on the way, with what can be done about each. */
import type { OnTheWay } from '../../../shared/contract/calls/verification.ts'
import { anomalies } from '../../../shared/domain/anomaly.ts'
import { useLanguage, useWords, words } from '../../language.tsx'
import { anomalyWords } from '../archives/anomalyWords.ts'

/** As docs/verification.md lists them. */
const reasons = [
  'size',
  'digest',
  'not-sent',
  'batch-left-unextracted',
  'dropped',
  'deleted-meanwhile',
  'changed-meanwhile',
  'multipart-etag-only',
  'no-version',
  'no-comparable-digest',
  'customer-key',
  'archived',
  'parts-not-told',
  'denied',
  'refused',
  'unreachable',
  'source-changed',
  'source-vanished',
  'source-unreadable',
] as const
type Reason = (typeof reasons)[number] | OnTheWay

export type ReasonWords = { readonly why: string; readonly todo: string }

const inEnglish = {
  size: { why: 'The object has another size than the item.', todo: 'Send these items again, then verify again.' },
  digest: { why: 'The object has the right size and other bytes.', todo: 'Look at both digests, then send these items again.' },
  'not-sent': { why: 'The item has not been confirmed as sent.', todo: 'Go on with loading or pushing.' },
  'batch-left-unextracted': {
    why: 'The tar that holds the item lies in S3 as it is: the import did not extract it.',
    todo: 'Plan these items again; they travel by another route or in a new batch.',
  },
  dropped: { why: 'The item was sent and no object is there.', todo: 'Look at the import log of AWS, then plan these items again.' },
  'deleted-meanwhile': { why: 'The object was in the listing and gone a moment later.', todo: 'Find out who deletes in the bucket.' },
  'changed-meanwhile': {
    why: 'The object was replaced while it was being checked.',
    todo: 'Find out who writes to the bucket, then verify again.',
  },
  'multipart-etag-only': {
    why: 'The object has no checksum; its ETag agrees as an MD5 of the MD5s of its parts.',
    todo: 'Verify again with reading back, if consistent is not enough.',
  },
  'no-version': {
    why: 'The digests agree, but the bucket keeps no versions: the object may be replaced without trace.',
    todo: 'Turn versioning on in the bucket. Objects that are there already have to be written anew.',
  },
  'no-comparable-digest': {
    why: 'S3 holds nothing that can be compared with the source; only the size agrees.',
    todo: 'Verify again with reading back.',
  },
  'customer-key': {
    why: 'The object is encrypted with a key of the customer’s own (SSE-C), which Firn does not have.',
    todo: 'Firn cannot check it. Whoever holds the key can.',
  },
  archived: {
    why: 'The object would have to be restored from its archive class to be read.',
    todo: 'Restore it in S3, then verify again with reading back.',
  },
  'parts-not-told': {
    why: 'S3 does not tell the sizes of the parts that its checksum is made of.',
    todo: 'Verify again with reading back.',
  },
  denied: { why: 'The account may not look at the object.', todo: 'Give the account s3:GetObject on the bucket, then verify again.' },
  refused: { why: 'S3 refused to answer for this object.', todo: 'Verify again; if it stays, look at the bucket policy.' },
  unreachable: { why: 'S3 did not answer for this object.', todo: 'Verify again when the network is steady.' },
  'source-changed': { why: 'The source item has changed since it was sent.', todo: 'Scan again and plan again.' },
  'source-vanished': { why: 'The source item is no longer there.', todo: 'Find out who moved it. Firn never does.' },
  'source-unreadable': { why: 'The source item cannot be read.', todo: 'Give Firn read permission or repair the disk, then verify again.' },
  'not-planned': { why: 'No plan holds it.', todo: 'Make a plan that takes it, if it shall travel.' },
  waiting: { why: 'It is planned and not yet sent.', todo: 'Nothing: it is on its way.' },
  'left-behind': { why: 'It was left behind.', todo: 'Look at the failures under Transfers.' },
  'not-checked': { why: 'It was sent and has not been checked yet.', todo: 'Run the verification when it has landed.' },
} as const satisfies Record<Reason, ReasonWords>

const reasonWords = words({
  en: {
    ...inEnglish,
    other: (code: string) => `Cause: ${code}.`,
    otherTodo: 'Look at the items.',
  },
  de: {
    size: { why: 'Das Objekt hat eine andere Größe als die Datei.', todo: 'Diese Dateien erneut senden, dann erneut prüfen.' },
    digest: {
      why: 'Das Objekt hat die richtige Größe und andere Bytes.',
      todo: 'Beide Prüfsummen ansehen, dann diese Dateien erneut senden.',
    },
    'not-sent': { why: 'Die Datei ist nicht als gesendet bestätigt.', todo: 'Das Beladen oder Schreiben auf die Freigabe fortsetzen.' },
    'batch-left-unextracted': {
      why: 'Das Tar mit der Datei liegt unverändert in S3: der Import hat es nicht entpackt.',
      todo: 'Diese Dateien neu planen; sie reisen auf einem anderen Weg oder in einem neuen Stapel.',
    },
    dropped: {
      why: 'Die Datei wurde gesendet, und es gibt kein Objekt.',
      todo: 'Das Importprotokoll von AWS ansehen, dann diese Dateien neu planen.',
    },
    'deleted-meanwhile': {
      why: 'Das Objekt stand in der Liste und war einen Moment später weg.',
      todo: 'Herausfinden, wer im Bucket löscht.',
    },
    'changed-meanwhile': {
      why: 'Das Objekt wurde während der Prüfung ersetzt.',
      todo: 'Herausfinden, wer in den Bucket schreibt, dann erneut prüfen.',
    },
    'multipart-etag-only': {
      why: 'Das Objekt hat keine Prüfsumme; sein ETag stimmt als MD5 der MD5s seiner Teile.',
      todo: 'Mit Zurücklesen erneut prüfen, falls consistent nicht genügt.',
    },
    'no-version': {
      why: 'Die Prüfsummen stimmen, aber der Bucket behält keine Versionen: das Objekt kann spurlos ersetzt werden.',
      todo: 'Versionierung im Bucket einschalten. Vorhandene Objekte müssen neu geschrieben werden.',
    },
    'no-comparable-digest': {
      why: 'S3 hält nichts, was sich mit der Quelle vergleichen lässt; nur die Größe stimmt.',
      todo: 'Mit Zurücklesen erneut prüfen.',
    },
    'customer-key': {
      why: 'Das Objekt ist mit einem eigenen Schlüssel des Kunden (SSE-C) verschlüsselt, den Firn nicht hat.',
      todo: 'Firn kann es nicht prüfen. Wer den Schlüssel hat, kann es.',
    },
    archived: {
      why: 'Das Objekt müsste zum Lesen aus seiner Archivklasse geholt werden.',
      todo: 'In S3 wiederherstellen, dann mit Zurücklesen erneut prüfen.',
    },
    'parts-not-told': {
      why: 'S3 nennt die Größen der Teile nicht, aus denen seine Prüfsumme besteht.',
      todo: 'Mit Zurücklesen erneut prüfen.',
    },
    denied: { why: 'Das Konto darf das Objekt nicht ansehen.', todo: 'Dem Konto s3:GetObject für den Bucket geben, dann erneut prüfen.' },
    refused: {
      why: 'S3 verweigerte die Antwort zu diesem Objekt.',
      todo: 'Erneut prüfen; bleibt es dabei, die Bucket-Richtlinie ansehen.',
    },
    unreachable: { why: 'S3 antwortete zu diesem Objekt nicht.', todo: 'Erneut prüfen, wenn das Netz stabil ist.' },
    'source-changed': { why: 'Die Quelldatei hat sich seit dem Senden geändert.', todo: 'Erneut erfassen und neu planen.' },
    'source-vanished': { why: 'Die Quelldatei ist nicht mehr da.', todo: 'Herausfinden, wer sie verschoben hat. Firn tut das nie.' },
    'source-unreadable': {
      why: 'Die Quelldatei lässt sich nicht lesen.',
      todo: 'Firn Leserechte geben oder die Platte reparieren, dann erneut prüfen.',
    },
    'not-planned': { why: 'Kein Plan enthält die Datei.', todo: 'Einen Plan machen, der sie mitnimmt, falls sie reisen soll.' },
    waiting: { why: 'Geplant und noch nicht gesendet.', todo: 'Nichts: sie ist unterwegs.' },
    'left-behind': { why: 'Die Datei wurde zurückgelassen.', todo: 'Die Fehler unter Übertragungen ansehen.' },
    'not-checked': { why: 'Gesendet und noch nicht geprüft.', todo: 'Die Prüfung starten, wenn sie gelandet ist.' },
    other: (code) => `Ursache: ${code}.`,
    otherTodo: 'Die Dateien ansehen.',
  },
})

/** Where a transfer stands, in the words of the way. */
const stops: Readonly<Record<string, OnTheWay>> = {
  'transfer-planned': 'waiting',
  'transfer-sending': 'waiting',
  'transfer-sent': 'not-checked',
}

export function useReasonWords(): (code: string) => ReasonWords {
  const say = useWords(reasonWords)
  const language = useLanguage()
  return (given) => {
    const code = stops[given] ?? given
    if (Object.hasOwn(inEnglish, code)) return say[code as Reason]
    if (!Object.hasOwn(anomalies, code)) return { why: say.other(code), todo: say.otherTodo }
    const { title, youCan } = anomalyWords(code, language)
    return { why: `${title}.`, todo: youCan }
  }
}
