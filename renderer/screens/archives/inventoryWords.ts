/** Words of the inventory that several of its views use. */
import { words } from '../../language.tsx'

export const routeWords = words({
  en: { device: 'device', share: 'share', link: 'link', none: 'none yet' },
  de: { device: 'Gerät', share: 'Freigabe', link: 'Leitung', none: 'noch keiner' },
})

export const inventoryWords = words({
  en: { noModality: 'no modality', noYear: 'no date', bytes: 'Bytes', items: 'Items', studies: 'Studies' },
  de: { noModality: 'ohne Modalität', noYear: 'ohne Datum', bytes: 'Bytes', items: 'Dateien', studies: 'Studien' },
})

/** Of a transfer's state; what this version does not know is shown by its own name. */
export const stateWords = words({
  en: { planned: 'planned', sending: 'sending', sent: 'sent', 'left-behind': 'left behind' },
  de: { planned: 'geplant', sending: 'wird gesendet', sent: 'gesendet', 'left-behind': 'bleibt zurück' },
})
