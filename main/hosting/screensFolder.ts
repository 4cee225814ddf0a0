/** Where the built screens lie: out/renderer, beside out/main. A program that runs from its sources finds them there too. */
import { extname, resolve } from 'node:path'

/** The folder itself may not be there yet in a clone that was not built. */
export function screensFolder(): string {
  return resolve(import.meta.dirname, extname(import.meta.filename) === '.ts' ? '../../out/renderer' : '../../renderer')
}
