/** Words of photos and papers that are attached to custody. */
import { words } from '../../language.tsx'

export const attachWords = words({
  en: {
    attach: 'Photos or papers',
    attachHint:
      'JPEG, PNG, WebP, HEIC, TIFF or PDF, at most 10 of 50 MB each. A copy is kept under its SHA-256; the name of the file is not.',
    attachChoose: 'Choose a file',
    attachRemove: (label: string) => `Take ${label} away again`,
    attachRemoveShort: 'Take away',
    attachedPhoto: 'Photo',
    attachedPaper: 'PDF',
    attachedCheck: 'Check the copies',
    attachedStates: { whole: 'as it was attached', changed: 'changed since', missing: 'gone' },
  },
  de: {
    attach: 'Fotos oder Papiere',
    attachHint:
      'JPEG, PNG, WebP, HEIC, TIFF oder PDF, höchstens 10 zu je 50 MB. Eine Kopie bleibt unter ihrem SHA-256; der Name der Datei nicht.',
    attachChoose: 'Datei wählen',
    attachRemove: (label) => `${label} wieder weglassen`,
    attachRemoveShort: 'Weglassen',
    attachedPhoto: 'Foto',
    attachedPaper: 'PDF',
    attachedCheck: 'Kopien prüfen',
    attachedStates: { whole: 'wie beigelegt', changed: 'seither geändert', missing: 'fehlt' },
  },
})
