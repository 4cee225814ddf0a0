/** Builds the screens and the wallboard's page into out/renderer: the same files for desktop, console and wallboard. */
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = import.meta.dirname

export default defineConfig({
  root: resolve(here, 'renderer'),
  base: './',
  cacheDir: resolve(here, '.vite'),
  plugins: [react()],
  resolve: {
    // Names of the components' custom properties carry a hash, and the tokens' package is released with another one than the components': both take the components' own.
    alias: {
      '@cloudscape-design/design-tokens': resolve(here, 'node_modules/@cloudscape-design/components/internal/generated/styles/tokens.js'),
    },
  },
  build: {
    outDir: resolve(here, 'out/renderer'),
    emptyOutDir: true,
    target: 'chrome140',
    // Nothing inline: the content security policy allows files of our own only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4000,
    rolldownOptions: { input: { index: resolve(here, 'renderer/index.html'), wallboard: resolve(here, 'renderer/wallboard.html') } },
  },
})
