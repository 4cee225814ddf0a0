/** Words of the gateways' part of the Share screen. */
import { words } from '../../language.tsx'

export const gatewayWords = words({
  en: {
    title: 'Gateways and shares of the account',
    description: 'What may lose images, let strangers read them, or keep them from arriving, before anything is pushed.',
    again: 'Ask AWS again',
    none: 'The account has no gateway in this Region.',
    nothing: 'Nothing is wrong with them.',
    found: (grave: number, warnings: number) =>
      [...(grave === 0 ? [] : [`${grave} grave`]), ...(warnings === 0 ? [] : [`${warnings} to decide`])].join(', '),
    looked: 'Looked',
    mountsUnknown: 'What this machine has mounted could not be found out.',
    cache: (size: string, dirty: string) => `Cache ${size}, ${dirty} waiting for upload`,
    notMounted: 'not mounted on this machine',
    mounted: 'Mounted at',
    prove: 'Prove the mount',
    proving: 'Proving the mount',
    provingMeans: 'A small file is written through the mount and looked for in the bucket. With a busy gateway that takes minutes.',
    proven: (after: string) => `Proven: what is written there is in the bucket after ${after}.`,
    notGone: 'The probe is not yet gone from the bucket; verification passes over it.',
    findings: 'Findings',
    weights: { grave: 'Grave', warning: 'To decide', note: 'To know' },
  },
  de: {
    title: 'Gateways und Freigaben des Kontos',
    description: 'Was Bilder verlieren, Fremden zeigen oder nicht ankommen lassen kann, bevor etwas geschrieben wird.',
    again: 'AWS erneut fragen',
    none: 'Das Konto hat in dieser Region kein Gateway.',
    nothing: 'Mit ihnen ist alles in Ordnung.',
    found: (grave, warnings) =>
      [...(grave === 0 ? [] : [`${grave} schwerwiegend`]), ...(warnings === 0 ? [] : [`${warnings} zu entscheiden`])].join(', '),
    looked: 'Nachgesehen',
    mountsUnknown: 'Was dieser Rechner eingehängt hat, ließ sich nicht herausfinden.',
    cache: (size, dirty) => `Cache ${size}, davon warten ${dirty} auf das Hochladen`,
    notMounted: 'auf diesem Rechner nicht eingehängt',
    mounted: 'Eingehängt unter',
    prove: 'Einhängung nachweisen',
    proving: 'Einhängung wird nachgewiesen',
    provingMeans:
      'Eine kleine Datei wird durch die Einhängung geschrieben und im Bucket gesucht. Ist das Gateway beschäftigt, dauert das Minuten.',
    proven: (after) => `Nachgewiesen: was dort geschrieben wird, ist nach ${after} im Bucket.`,
    notGone: 'Die Probe ist noch nicht aus dem Bucket verschwunden; die Prüfung übergeht sie.',
    findings: 'Befunde',
    weights: { grave: 'Schwerwiegend', warning: 'Zu entscheiden', note: 'Zur Kenntnis' },
  },
})
