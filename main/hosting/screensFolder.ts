/** Where the built screens lie: out/renderer of a clone, or beside the built program in an installed application. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

const places = ['../../out/renderer', '../../../renderer', '../../../../renderer'].map((place) => resolve(import.meta.dirname, place))

/** The folder itself may not be there yet in a clone that was not built. */
export function screensFolder(): string {
  return places.find((place) => existsSync(join(place, 'index.html'))) ?? places[0] ?? '.'
}
