/** The projects, from the purest to the most real. Random tests repeat: tests/kit/setup.ts fixes their seed. */
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const processors = availableParallelism()

const project = (name: string, extra: object = {}) => ({
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`],
    setupFiles: ['tests/kit/setup.ts'],
    testTimeout: 30_000,
    maxWorkers: processors,
    ...extra,
  },
})

const screens = { globalSetup: ['tests/kit/builtRenderer.ts'] }

// Tests that kill, fill and hurry real processes share the machine with whatever else runs: one that fails is tried once more, and both are reported.
const realProcesses = { retry: 1 }
// They wait for simulated days and for each other's processes more than they compute: one more at a time than there are processors.
const manyProcesses = { ...realProcesses, maxWorkers: processors + 1, sequence: { groupOrder: 1 } }

export default defineConfig({
  cacheDir: '.vitest',
  test: {
    projects: [
      project('unit'),
      project('conformance', { ...realProcesses, testTimeout: 60_000 }),
      project('contract'),
      project('engine', { ...manyProcesses, testTimeout: 240_000, hookTimeout: 120_000 }),
      // A real Chromium on the built screens.
      project('ui', { ...manyProcesses, ...screens, testTimeout: 120_000, hookTimeout: 60_000 }),
      // The real desktop application, where there is an Electron to run it: tests/desktop/kit.ts says SKIPPED and why elsewhere.
      project('desktop', {
        ...manyProcesses,
        ...screens,
        include: ['tests/desktop/**/*.spec.ts'],
        testTimeout: 180_000,
        hookTimeout: 120_000,
      }),
      project('e2e', { ...manyProcesses, ...screens, testTimeout: 240_000, hookTimeout: 120_000 }),
    ],
  },
})
