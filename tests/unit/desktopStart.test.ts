/** What npm start opens, where, and what it says when that is not the desktop application. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exitCodes } from '../../main/cli/exitCodes.ts'
import { startApplication } from '../../scripts/electron/startApplication.mjs'

type Parts = Parameters<typeof startApplication>[0]
type End = Awaited<ReturnType<typeof startApplication>>
const ended = (code: number): End => ({ code, signal: null })

async function started(more: Partial<Parts>) {
  const did: string[] = []
  const end = await startApplication({
    environment: { DISPLAY: ':0' },
    platform: 'linux',
    user: 1000,
    find: () => ({ executable: '/electron' }),
    fetch: () => Promise.resolve(undefined),
    whyNone: () => 'Electron is not here',
    build: () => Promise.resolve(did.push('built')),
    open: (executable) => {
      did.push(`opened ${executable}`)
      return Promise.resolve(ended(0))
    },
    openConsole: () => {
      did.push('console')
      return Promise.resolve(ended(3))
    },
    say: (text) => did.push(text),
    ...more,
  })
  return { did, end }
}

describe('npm start', () => {
  test('builds and opens the desktop application, and ends as it ends', async () => {
    const { did, end } = await started({ open: () => Promise.resolve(ended(7)) })
    expect([did, end]).toEqual([['built'], ended(7)])
  })
  test('opens what could be fetched', async () => {
    const { did } = await started({ find: () => undefined, fetch: () => Promise.resolve({ executable: '/fetched' }) })
    expect(did).toEqual(['built', 'opened /fetched'])
  })
  test.each([
    ['there is no runtime', { find: () => undefined }, 'Electron is not here: opening the console in the browser instead.'],
    ['there is no desktop', { environment: {} }, 'There is no desktop on this machine: opening the console in the browser instead.'],
    ['it runs as root', { user: 0 }, 'The desktop application does not run as root: opening the console in the browser instead.'],
  ])('when %s, says so in one line, builds nothing, and opens the console', async (_when, more, line) => {
    const { did, end } = await started(more)
    expect([did, end]).toEqual([[line, 'console'], ended(3)])
  })
  test.each([
    ['cannot be started', undefined],
    ['misses a library', ended(127)],
  ])('opens the console when Electron %s', async (_how, how) => {
    const { did } = await started({ open: () => Promise.resolve(how) })
    expect(did.slice(-2)).toEqual(['Electron cannot run on this machine: opening the console in the browser instead.', 'console'])
  })
  test.runIf(process.platform === 'linux')('hands on what was asked to the console, and ends as that ends', async () => {
    const home = mkdtempSync(join(tmpdir(), 'firn-start-'))
    const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env
    const child = spawn(process.execPath, [resolve(import.meta.dirname, '../../scripts/start.mjs'), '--definitely-unknown'], {
      env: { ...env, FIRN_HOME: home },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    const [code] = (await once(child, 'close')) as [number]
    rmSync(home, { recursive: true })
    expect(said.split('\n')[0]).toBe('There is no desktop on this machine: opening the console in the browser instead.')
    expect([code, said]).toEqual([exitCodes.usage, expect.stringContaining('--definitely-unknown') as unknown])
  })
})
