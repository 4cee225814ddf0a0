/** How the preload script is built: a sandboxed window takes one CommonJS file, which may require Electron and little else. */
import { resolve } from 'node:path'

/** @param {string} root */
export function preloadBuild(root) {
  return {
    outDir: resolve(root, 'out/main/preload'),
    emptyOutDir: false,
    minify: true,
    rolldownOptions: {
      input: { bridge: resolve(root, 'main/preload/bridge.ts') },
      output: { format: 'cjs', entryFileNames: '[name].cjs' },
    },
  }
}
