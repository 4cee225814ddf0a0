/** The projects, from the purest to the most real. Random tests repeat: tests/kit/setup.ts fixes their seed. */
import { defineConfig } from 'vitest/config'

const project = (name: string, extra: object = {}) => ({
  test: { name, include: [`tests/${name}/**/*.test.ts`], setupFiles: ['tests/kit/setup.ts'], testTimeout: 30_000, ...extra },
})

const screens = { globalSetup: ['tests/kit/builtRenderer.ts'] }

// Tests that kill, fill and hurry real processes share the machine with whatever else runs: one that fails is tried once more, and both are reported.
const realProcesses = { retry: 1 }

export default defineConfig({
  cacheDir: '.vitest',
  test: {
    projects: [
      project('unit'),
      project('conformance', { ...realProcesses, testTimeout: 60_000 }),
      project('engine', { ...realProcesses, testTimeout: 600_000, hookTimeout: 120_000, fileParallelism: false }),
      project('contract'),
      // A real Chromium on the built screens: one file at a time, for the processor's sake.
      project('ui', { ...realProcesses, ...screens, testTimeout: 120_000, hookTimeout: 60_000, fileParallelism: false }),
      // The real desktop application, where there is an Electron to run it: tests/desktop/kit.ts says SKIPPED and why elsewhere.
      project('desktop', {
        ...screens,
        include: ['tests/desktop/**/*.spec.ts'],
        testTimeout: 180_000,
        hookTimeout: 120_000,
        fileParallelism: false,
      }),
      project('e2e', { ...realProcesses, ...screens, testTimeout: 600_000, hookTimeout: 120_000, fileParallelism: false }),
    ],
  },
})
