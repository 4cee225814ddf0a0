/**
 * Threads and processes are started by the address of their file: `new URL('./shareWorker.ts', import.meta.url)`. This makes each such file
 * an entry of the build and names it as it is named in there, so that nobody keeps a list of them.
 */
import { dirname, resolve } from 'node:path'

const address = /new URL\(\s*'([\w./-]+)\.ts',\s*import\.meta\.url,?\s*\)/g

export function urlsOfModules() {
  return {
    name: 'urls-of-modules',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('.ts') || !code.includes('import.meta.url')) return undefined
      const rewritten = code.replace(address, (_, path) => {
        this.emitFile({ type: 'chunk', id: resolve(dirname(id), `${path}.ts`), preserveSignature: 'strict' })
        return `new URL('${path}.js', import.meta.url)`
      })
      return rewritten === code ? undefined : { code: rewritten, map: null }
    },
  }
}
