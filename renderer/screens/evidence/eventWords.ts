/** What an event is called for people. One that has no words here goes by its own code. */
import { useWords, words } from '../../language.tsx'

const eventWords = words({
  en: {
    'migration-created': 'Migration created',
    'clutter-policy-changed': 'Names passed over by scans changed',
    'scan-started': 'Scan begun',
    'scan-finished': 'Scan ended',
    'plan-made': 'Plan made',
    'plan-approved': 'Plan approved',
    'device-order-intended': 'Device about to be ordered',
    'device-ordered': 'Device ordered',
    'device-state': 'Device changed its state',
    'device-handed-over': 'Device handed over',
    'load-started': 'Loading begun',
    'load-finished': 'Loading ended',
    'push-started': 'Push begun',
    'push-finished': 'Push ended',
    'landing-awaited': 'Landing awaited',
    'landing-ended': 'Landing ended',
    'verification-started': 'Verification begun',
    'verification-finished': 'Verification ended',
    'evidence-written': 'Evidence written',
    'evidence-checked': 'Evidence checked',
    'unlock-code-shown': 'Unlock code shown',
    'device-access-given': 'Access to a device given',
    'device-cancel-intended': 'Device about to be cancelled',
    'custody-added': 'Custody entry added',
    'ship-check': 'Ship checklist ticked',
  },
  de: {
    'migration-created': 'Migration angelegt',
    'clutter-policy-changed': 'Übergangene Namen geändert',
    'scan-started': 'Erfassung begonnen',
    'scan-finished': 'Erfassung beendet',
    'plan-made': 'Plan gemacht',
    'plan-approved': 'Plan genehmigt',
    'device-order-intended': 'Gerät soll bestellt werden',
    'device-ordered': 'Gerät bestellt',
    'device-state': 'Gerät änderte seinen Zustand',
    'device-handed-over': 'Gerät übergeben',
    'load-started': 'Beladen begonnen',
    'load-finished': 'Beladen beendet',
    'push-started': 'Schreiben auf die Freigabe begonnen',
    'push-finished': 'Schreiben auf die Freigabe beendet',
    'landing-awaited': 'Ankunft erwartet',
    'landing-ended': 'Warten auf Ankunft beendet',
    'verification-started': 'Prüfung begonnen',
    'verification-finished': 'Prüfung beendet',
    'evidence-written': 'Nachweis geschrieben',
    'evidence-checked': 'Nachweis nachgeprüft',
    'unlock-code-shown': 'Entsperrcode gezeigt',
    'device-access-given': 'Zugang zu einem Gerät gegeben',
    'device-cancel-intended': 'Gerät soll storniert werden',
    'custody-added': 'Eintrag zum Verbleib hinzugefügt',
    'ship-check': 'Prüfliste für den Versand abgehakt',
  },
})

export function useEventName(): (kind: string) => string {
  const t = useWords(eventWords)
  return (kind) => (Object.hasOwn(t, kind) ? t[kind as keyof typeof t] : kind)
}
