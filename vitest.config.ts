/** Four projects, from the purest to the most real. Random tests repeat: tests/kit/setup.ts fixes their seed. */
import { defineConfig } from 'vitest/config'

const project = (name: string, extra: object = {}) => ({
  test: { name, include: [`tests/${name}/**/*.test.ts`], setupFiles: ['tests/kit/setup.ts'], testTimeout: 30_000, ...extra },
})

export default defineConfig({
  cacheDir: '.vitest',
  test: {
    projects: [
      project('unit'),
      project('conformance', { testTimeout: 60_000 }),
      project('engine', { testTimeout: 600_000, hookTimeout: 120_000, fileParallelism: false }),
      project('contract'),
    ],
  },
})
