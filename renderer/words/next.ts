/** What comes next, as sentences, and what the button beside it says. `device` is "device 3" or "a device". */
import { words, type Words } from '../language.tsx'
import type { NextThing } from '../../shared/contract/snapshot.ts'

type Code = NextThing['code']

export const nextSentences: Words<Readonly<Record<Code, (device: string) => string>>> = words({
  en: {
    scan: () => 'Scan the archives, so that items and studies are known.',
    plan: () => 'Make a plan: which study goes which way, and when.',
    approve: () => 'Approve the plan with your name.',
    order: () => 'Order the devices of the plan.',
    'wait-for-device': (device: string) => `Wait for ${device}, and prepare a port for it.`,
    load: (device: string) => `Load ${device}.`,
    push: () => 'Push to the share.',
    link: () => 'Send over the link.',
    ship: (device: string) => `Ship ${device}: tick the checklist, then hand it to the carrier.`,
    'wait-for-import': (device: string) => `Wait until AWS has imported ${device}.`,
    land: () => 'See what has landed in S3.',
    verify: () => 'Verify what has landed against the source.',
    'look-at-report': () => 'Look at what is not verified, and why.',
    'make-evidence': () => 'Make the evidence: a report, every item, every hash, every hand-over.',
    done: () => 'Nothing more: all that may travel is verified.',
  },
  de: {
    scan: () => 'Die Archive erfassen, damit Dateien und Studien bekannt sind.',
    plan: () => 'Einen Plan machen: welche Studie wann auf welchem Weg geht.',
    approve: () => 'Den Plan mit Ihrem Namen genehmigen.',
    order: () => 'Die Geräte des Plans bestellen.',
    'wait-for-device': (device: string) => `Auf ${device} warten und einen Anschluss vorbereiten.`,
    load: (device: string) => `${capital(device)} beladen.`,
    push: () => 'Auf die Freigabe schreiben.',
    link: () => 'Über die Leitung senden.',
    ship: (device: string) => `${capital(device)} versenden: Liste abhaken, dann dem Spediteur übergeben.`,
    'wait-for-import': (device: string) => `Warten, bis AWS ${device} eingelesen hat.`,
    land: () => 'Nachsehen, was in S3 angekommen ist.',
    verify: () => 'Prüfen, was angekommen ist, gegen die Quelle.',
    'look-at-report': () => 'Ansehen, was nicht geprüft ist, und warum.',
    'make-evidence': () => 'Den Nachweis erstellen: ein Bericht, jede Datei, jede Prüfsumme, jede Übergabe.',
    done: () => 'Nichts mehr: alles, was reisen darf, ist geprüft.',
  },
})

export const nextButtons: Words<Readonly<Record<Exclude<Code, 'done'>, string>>> = words({
  en: {
    scan: 'Scan',
    plan: 'To the plan',
    approve: 'To the plan',
    order: 'To the devices',
    'wait-for-device': 'Ask AWS now',
    load: 'Load',
    push: 'Push',
    link: 'Send',
    ship: 'To the device',
    'wait-for-import': 'Ask AWS now',
    land: 'Look',
    verify: 'Verify',
    'look-at-report': 'To the verification',
    'make-evidence': 'Make evidence',
  },
  de: {
    scan: 'Erfassen',
    plan: 'Zum Plan',
    approve: 'Zum Plan',
    order: 'Zu den Geräten',
    'wait-for-device': 'AWS jetzt fragen',
    load: 'Beladen',
    push: 'Schreiben',
    link: 'Senden',
    ship: 'Zum Gerät',
    'wait-for-import': 'AWS jetzt fragen',
    land: 'Nachsehen',
    verify: 'Prüfen',
    'look-at-report': 'Zur Prüfung',
    'make-evidence': 'Nachweis erstellen',
  },
})

export const nextDevice = words({
  en: { one: (ordinal: string) => `device ${ordinal}`, any: 'a device' },
  de: { one: (ordinal: string) => `Gerät ${ordinal}`, any: 'ein Gerät' },
})

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
