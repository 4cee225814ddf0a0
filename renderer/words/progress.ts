/** How far items are: the words of every bar. `verified` is a verdict and stays as it is. */
import { words } from '../language.tsx'

export const progressWords = words({
  en: { landed: 'landed', sent: 'sent', waiting: 'waiting', leftBehind: 'left behind', notPlanned: 'not planned' },
  de: { landed: 'angekommen', sent: 'gesendet', waiting: 'wartet', leftBehind: 'zurückgelassen', notPlanned: 'nicht geplant' },
})
