/** States of a job for people: where the device is, in words, beside AWS's own word. An unknown state goes by its own name. */
import type { KnownJobState } from '../../../shared/domain/device.ts'
import { useWords, words } from '../../language.tsx'
import type { ToneName } from '../../parts/tones.ts'

type State = KnownJobState | 'planned' | 'ordering'

const tones: Readonly<Record<State, ToneName>> = {
  planned: 'later',
  ordering: 'person',
  New: 'info',
  PreparingAppliance: 'info',
  PreparingShipment: 'info',
  InTransitToCustomer: 'info',
  WithCustomer: 'person',
  InTransitToAWS: 'info',
  WithAWSSortingFacility: 'info',
  WithAWS: 'info',
  InProgress: 'info',
  Complete: 'info',
  Cancelled: 'later',
  Listing: 'info',
  Pending: 'later',
}

const jobWords = words({
  en: {
    planned: 'not ordered yet',
    ordering: 'order sent, not confirmed',
    New: 'ordered',
    PreparingAppliance: 'AWS prepares it',
    PreparingShipment: 'AWS packs it',
    InTransitToCustomer: 'on its way here',
    WithCustomer: 'on site',
    InTransitToAWS: 'on its way to AWS',
    WithAWSSortingFacility: 'at AWS, sorting',
    WithAWS: 'at AWS',
    InProgress: 'being imported',
    Complete: 'imported',
    Cancelled: 'cancelled',
    Listing: 'AWS lists the objects',
    Pending: 'AWS has it pending',
    other: 'unknown to this version',
  },
  de: {
    planned: 'noch nicht bestellt',
    ordering: 'Bestellung gesendet, nicht bestätigt',
    New: 'bestellt',
    PreparingAppliance: 'AWS bereitet es vor',
    PreparingShipment: 'AWS verpackt es',
    InTransitToCustomer: 'auf dem Weg hierher',
    WithCustomer: 'vor Ort',
    InTransitToAWS: 'auf dem Weg zu AWS',
    WithAWSSortingFacility: 'bei AWS, Sortierung',
    WithAWS: 'bei AWS',
    InProgress: 'wird importiert',
    Complete: 'importiert',
    Cancelled: 'storniert',
    Listing: 'AWS listet die Objekte',
    Pending: 'bei AWS in der Schwebe',
    other: 'dieser Version unbekannt',
  },
})

export type JobWord = { readonly where: string; readonly tone: ToneName; readonly byAws: boolean }

export function useJobWord(): (state: string) => JobWord {
  const t = useWords(jobWords)
  return (state) => {
    if (!Object.hasOwn(tones, state)) return { where: t.other, tone: 'person', byAws: true }
    const known = state as State
    return { where: t[known], tone: tones[known], byAws: known !== 'planned' && known !== 'ordering' }
  }
}
