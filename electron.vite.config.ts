/**
 * Builds the desktop application's own processes into out/: main, engine and wallboard module by module, so that out/main mirrors main/, and the
 * preload script as the one CommonJS file that a sandboxed window takes. Screens are built by vite.config.ts.
 */
import { resolve } from 'node:path'
import { defineConfig } from 'electron-vite'
import { urlsOfModules } from './scripts/build/urlsOfModules.mjs'

const here = import.meta.dirname

export default defineConfig({
  main: {
    plugins: [urlsOfModules()],
    build: {
      outDir: resolve(here, 'out'),
      emptyOutDir: false,
      rolldownOptions: {
        input: ['main/app/start.ts', 'main/engine/entry.ts', 'main/wallboard/entry.ts'].map((entry) => resolve(here, entry)),
        output: { preserveModules: true, preserveModulesRoot: here, entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: resolve(here, 'out/main/preload'),
      emptyOutDir: false,
      minify: true,
      rolldownOptions: {
        input: { bridge: resolve(here, 'main/preload/bridge.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
})
