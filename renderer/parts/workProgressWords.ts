/** Words of a work on its way: stages, what it waits for, why it is paused. */
import { useWords, words } from '../language.tsx'

export const workProgressWords = words({
  en: {
    loadOf: (device: number) => `Load device ${device}`,
    of: (some: string, all: string) => `${some} of ${all}`,
    counting: 'counting',
    itemsRate: (count: string) => `${count} items/s`,
    left: (range: string) => `${range} left`,
    stages: {
      generate: 'making the archive',
      scan: 'reading the archives',
      plan: 'planning',
      load: 'loading',
      inspect: 'listing it and reading a sample back',
      push: 'writing to the share',
      link: 'sending to S3',
      landing: 'waiting until the cache is uploaded',
      verify: 'comparing digests',
      evidence: 'writing the evidence',
    },
    waiting: {
      'cache-dirty': 'Holding back until the cache of the gateway has drained.',
      'gateway-upload': 'Waiting until the gateway has uploaded what lies in its cache.',
      device: 'Waiting for a device.',
    },
    waitingOther: (code: string) => `Waiting for: ${code}.`,
    because: {
      person: 'Paused by a person.',
      'pause-all': 'Paused with everything else.',
      'engine-restarted': 'Paused because the engine was restarted.',
      limit: 'Paused by the bandwidth grid: nothing is sent in this hour.',
    },
    stalled: (age: string) => `Nothing has moved for ${age}`,
    stalledTodo: 'Nothing is lost. Look at the network and at the far side; pausing and resuming begins where it stopped.',
    troubles: (count: string, last: string) =>
      last === '' ? `Troubles on the way: ${count}.` : `Troubles on the way: ${count}. The last one: ${last}`,
    pause: 'Pause',
    resume: 'Resume',
    cancel: 'Cancel',
    cancelTitle: (name: string) => `Cancel: ${name}?`,
    cancelMeans: 'What is in flight ends first. What was confirmed stays where it is and is not sent again when the work is started anew.',
    cancelIt: 'Cancel the work',
    goOn: 'Keep it',
  },
  de: {
    loadOf: (device) => `Gerät ${device} beladen`,
    of: (some, all) => `${some} von ${all}`,
    counting: 'wird gezählt',
    itemsRate: (count) => `${count} Dateien/s`,
    left: (range) => `noch ${range}`,
    stages: {
      generate: 'legt das Archiv an',
      scan: 'liest die Archive',
      plan: 'plant',
      load: 'lädt',
      inspect: 'führt auf und liest eine Stichprobe zurück',
      push: 'schreibt auf die Freigabe',
      link: 'sendet an S3',
      landing: 'wartet, bis der Cache hochgeladen ist',
      verify: 'vergleicht Prüfsummen',
      evidence: 'schreibt den Nachweis',
    },
    waiting: {
      'cache-dirty': 'Hält zurück, bis der Cache des Gateways abgeflossen ist.',
      'gateway-upload': 'Wartet, bis das Gateway hochgeladen hat, was in seinem Cache liegt.',
      device: 'Wartet auf ein Gerät.',
    },
    waitingOther: (code) => `Wartet auf: ${code}.`,
    because: {
      person: 'Von einer Person angehalten.',
      'pause-all': 'Mit allem anderen angehalten.',
      'engine-restarted': 'Angehalten, weil die Engine neu gestartet wurde.',
      limit: 'Vom Bandbreitenraster angehalten: in dieser Stunde wird nichts gesendet.',
    },
    stalled: (age) => `Seit ${age} bewegt sich nichts`,
    stalledTodo: 'Nichts ist verloren. Netz und Gegenseite ansehen; nach Anhalten und Fortsetzen geht es da weiter, wo es stand.',
    troubles: (count, last) => (last === '' ? `Störungen unterwegs: ${count}.` : `Störungen unterwegs: ${count}. Die letzte: ${last}`),
    pause: 'Anhalten',
    resume: 'Fortsetzen',
    cancel: 'Abbrechen',
    cancelTitle: (name) => `Abbrechen: ${name}?`,
    cancelMeans:
      'Was gerade unterwegs ist, endet zuerst. Was bestätigt ist, bleibt, wo es ist, und wird nicht erneut gesendet, wenn die Arbeit neu beginnt.',
    cancelIt: 'Arbeit abbrechen',
    goOn: 'Weiterlaufen lassen',
  },
})

type Says = (typeof workProgressWords)['en']

/** `undefined`: a stage without a word of its own adds nothing to the name of the work. */
export function useStageName(): (stage: string) => string | undefined {
  const { stages } = useWords(workProgressWords)
  return (stage) => (Object.hasOwn(stages, stage) ? stages[stage as keyof Says['stages']] : undefined)
}

export function useWaitingName(): (code: string) => string {
  const t = useWords(workProgressWords)
  return (code) => (Object.hasOwn(t.waiting, code) ? t.waiting[code as keyof Says['waiting']] : t.waitingOther(code))
}
