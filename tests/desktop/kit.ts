/** The real desktop application, driven by Playwright. Where there is no Electron or no desktop each test is skipped, and says why. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { test, type TestContext } from 'vitest'
import type { Reply } from '../../shared/contract/wire.ts'
import type { Snapshot } from '../../shared/contract/snapshot.ts'
import { findElectron } from '../../scripts/electron/runtime.mjs'
import { whyNoDesktop } from '../../scripts/electron/desktopHere.mjs'

export const root = resolve(import.meta.dirname, '../..')
const electron = findElectron()
export const whyNot =
  electron === undefined
    ? 'no Electron runtime on this machine (npm start fetches it where it can, or ELECTRON_OVERRIDE_DIST_PATH names it)'
    : whyNoDesktop(process.env, process.platform, process.getuid?.())
if (whyNot !== undefined) process.stderr.write(`SKIPPED: ${whyNot}. The desktop application itself was not run.\n`)

/** A test of the real application: skipped with the reason where it cannot be run, never passed. */
export function desktopTest(name: string, run: (context: TestContext) => Promise<void>, timeout = 180_000): void {
  test(
    name,
    async (context) => {
      context.skip(whyNot !== undefined, whyNot)
      await run(context)
    },
    timeout,
  )
}

export type Desktop = {
  readonly app: ElectronApplication
  readonly page: Page
  readonly home: string
  /** What the window's console said against the policy, or as an error. */
  readonly complaints: string[]
  /** Asks over the bridge, from within the page. */
  ask(name: string, input?: object): Promise<Reply>
  /** The first snapshot from now on for which this holds. */
  until(which: (snapshot: Snapshot) => boolean): Promise<Snapshot>
}

const homes: string[] = []
const running = new Set<ElectronApplication>()

export function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'firn-desktop-home-'))
  homes.push(home)
  return home
}

export async function launch(home: string): Promise<Desktop> {
  if (electron === undefined) throw new Error('there is no Electron')
  const app = await _electron.launch({
    executablePath: electron.executable,
    args: [root, '--lang=en'],
    env: { ...(process.env as Record<string, string>), FIRN_HOME: home, LANGUAGE: 'en' },
  })
  running.add(app)
  const page = await app.firstWindow()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || /content security policy/i.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.waitForLoadState('load')
  await page.evaluate(() => {
    const kept = globalThis as unknown as { lastSnapshot?: unknown }
    const { bridge } = globalThis as unknown as { bridge: { listen(topic: string, tell: (value: unknown) => void): void } }
    bridge.listen('snapshot', (value) => (kept.lastSnapshot = value))
  })
  const ask: Desktop['ask'] = (name, input = {}) =>
    page.evaluate(
      ([name, input]) =>
        (globalThis as unknown as { bridge: { call(name: string, input: unknown): Promise<Reply> } }).bridge.call(name, input),
      [name, input] as const,
    )
  const until: Desktop['until'] = async (which) => {
    for (;;) {
      const last = await page.evaluate(() => (globalThis as unknown as { lastSnapshot?: unknown }).lastSnapshot)
      if (last !== undefined && which(last as Snapshot)) return last as Snapshot
      // Snapshots come four times a second; the test's own limit of time ends this.
      await page.waitForTimeout(250)
    }
  }
  return { app, page, home, complaints, ask, until }
}

/** Without a question: for the end of a test. Utility processes end with their parent, a moment later. */
export function closeAll(): void {
  for (const app of running) app.process().kill('SIGKILL')
  running.clear()
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 })
}

export const isOver = (snapshot: Snapshot, kind: string): boolean =>
  snapshot.migration?.works.some((work) => work.kind === kind && ['done', 'failed', 'cancelled'].includes(work.state)) ?? false
