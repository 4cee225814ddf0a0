/** Works for people: what each kind is called, and its states. */
import type { WorkKind } from '../../shared/contract/calls/works.ts'
import { words, type Words } from '../language.tsx'

export const workStateWords = words({
  en: {
    waiting: 'waiting',
    running: 'running',
    waitingFor: 'running, waiting',
    stalled: 'stalled',
    stopping: 'stopping',
    paused: 'paused',
    done: 'done',
    doneLook: 'done, please look',
    failed: 'failed',
    cancelled: 'cancelled',
  },
  de: {
    waiting: 'wartet',
    running: 'läuft',
    waitingFor: 'läuft, wartet',
    stalled: 'stockt',
    stopping: 'hält an',
    paused: 'angehalten',
    done: 'fertig',
    doneLook: 'fertig, bitte ansehen',
    failed: 'gescheitert',
    cancelled: 'abgebrochen',
  },
})

export const workKindWords: Words<Readonly<Record<WorkKind, string>>> = words({
  en: {
    prepare: 'Make the sample archive',
    scan: 'Scan the archives',
    plan: 'Plan',
    load: 'Load a device',
    inspect: 'Inspect a device',
    link: 'Send over the link',
    push: 'Push to the share',
    land: 'See what landed in S3',
    verify: 'Verify',
    evidence: 'Make evidence',
    track: 'Ask AWS about devices',
    rehearsal: 'Whole rehearsal',
  },
  de: {
    prepare: 'Beispielarchiv anlegen',
    scan: 'Archive erfassen',
    plan: 'Planen',
    load: 'Gerät beladen',
    inspect: 'Gerät durchsehen',
    link: 'Über die Leitung senden',
    push: 'Auf die Freigabe schreiben',
    land: 'Ankunft in S3 nachsehen',
    verify: 'Prüfen',
    evidence: 'Nachweis erstellen',
    track: 'AWS nach Geräten fragen',
    rehearsal: 'Ganzer Probelauf',
  },
})
