/** Run before a program (`node --import`): whoever asks for Electron gets the stand-in, so that the built main process runs under plain Node.js. */
import { registerHooks } from 'node:module'

const standIn = new URL('./electronModule.ts', import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) => (specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context)),
})
