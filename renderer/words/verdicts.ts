/** Verdicts for people: the words themselves are the same in every language, screen, log and report; here is what each means, and its tone. */
import { words } from '../language.tsx'
import type { Verdict } from '../../shared/domain/verification.ts'
import type { ToneName } from '../parts/tones.ts'

export const verdictTones: Readonly<Record<Verdict, ToneName>> = {
  verified: 'good',
  consistent: 'info',
  present: 'later',
  mismatch: 'wrong',
  missing: 'wrong',
  extra: 'person',
  unknown: 'wrong',
}

export const verdictWords = words({
  en: {
    verified: 'A digest of the source bytes equals a digest that S3 reports for a named version.',
    consistent: 'A multipart ETag agrees with the source, or a digest does and the bucket keeps no versions.',
    present: 'The size agrees; nothing else could be compared.',
    mismatch: 'Size or digest differ.',
    missing: 'Planned or sent, and not in S3.',
    extra: 'In S3 under the prefix of this migration, and not in the journal.',
    unknown: 'Could not be checked; the reason says why.',
  },
  de: {
    verified: 'Geprüft: eine Prüfsumme der Quellbytes gleicht einer, die S3 für eine benannte Version meldet.',
    consistent: 'Stimmig: ein Multipart-ETag passt zur Quelle, oder eine Prüfsumme passt und der Bucket führt keine Versionen.',
    present: 'Vorhanden: die Größe stimmt; mehr ließ sich nicht vergleichen.',
    mismatch: 'Abweichend: Größe oder Prüfsumme sind verschieden.',
    missing: 'Fehlend: geplant oder gesendet, aber nicht in S3.',
    extra: 'Überzählig: in S3 unter dem Präfix dieser Migration, aber nicht im Journal.',
    unknown: 'Unbekannt: ließ sich nicht prüfen; der Grund steht dabei.',
  },
})
