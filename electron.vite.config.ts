/**
 * Builds the desktop application's own processes into out/: main, engine and wallboard module by module, so that out/main mirrors main/, and the
 * preload script as the one CommonJS file that a sandboxed window takes. Screens are built by vite.config.ts.
 */
import { resolve } from 'node:path'
import { defineConfig } from 'electron-vite'
import { preloadBuild } from './scripts/build/preloadBuild.mjs'
import { urlsOfModules } from './scripts/build/urlsOfModules.mjs'

const here = import.meta.dirname

export default defineConfig({
  main: {
    plugins: [urlsOfModules()],
    build: {
      outDir: resolve(here, 'out'),
      emptyOutDir: false,
      rolldownOptions: {
        // The other processes and every thread are found from here: they are named by address.
        input: resolve(here, 'main/app/start.ts'),
        output: { preserveModules: true, preserveModulesRoot: here, entryFileNames: '[name].js' },
      },
    },
  },
  preload: { build: preloadBuild(here) },
})
