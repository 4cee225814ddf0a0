/** Where the built screens lie: out/renderer, in a clone as in the built program, whose out/ mirrors the clone. */
import { resolve } from 'node:path'

/** The folder may not be there yet in a clone that was not built. */
export function screensFolder(): string {
  const fromSource = import.meta.filename.endsWith('.ts')
  return resolve(import.meta.dirname, fromSource ? '../../out/renderer' : '../../renderer')
}
