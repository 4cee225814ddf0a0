/** What the screens are called. */
import { words, type Words } from '../language.tsx'
import type { ScreenName } from '../screen.ts'

export const screenWords: Words<Readonly<Record<ScreenName, string>>> = words({
  en: {
    start: 'Start',
    overview: 'Overview',
    archives: 'Archives',
    plan: 'Plan',
    devices: 'Devices',
    share: 'Share',
    transfers: 'Transfers',
    verification: 'Verification',
    evidence: 'Evidence',
    settings: 'Settings',
    diagnostics: 'Diagnostics',
  },
  de: {
    start: 'Start',
    overview: 'Übersicht',
    archives: 'Archive',
    plan: 'Plan',
    devices: 'Geräte',
    share: 'Freigabe',
    transfers: 'Übertragungen',
    verification: 'Prüfung',
    evidence: 'Nachweise',
    settings: 'Einstellungen',
    diagnostics: 'Diagnose',
  },
})
