/** Updates: only from a feed that somebody named, only while nothing runs, only from the same publisher. Against a stand-in of electron-updater. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openUpdate, signatureIsChecked, type Updater } from '../../main/app/update.ts'
import { testWorld } from '../kit/world.ts'

function updates(more: { feed?: string | null; signed?: boolean; found?: string | null; fails?: Error } = {}) {
  const set = {
    busy: false,
    feed: more.feed === undefined ? 'https://updates.hospital.example/firn' : more.feed,
    found: more.found ?? null,
  }
  const did: string[] = []
  const world = testWorld()
  let loads = 0
  const updater: Updater = {
    autoDownload: true,
    autoInstallOnAppQuit: true,
    allowDowngrade: true,
    disableWebInstaller: false,
    logger: console,
    setFeedURL: ({ url }) => void did.push(`feed ${url}`),
    checkForUpdates: () =>
      more.fails === undefined
        ? Promise.resolve({ isUpdateAvailable: set.found !== null, updateInfo: { version: set.found ?? '0.1.0' } })
        : Promise.reject(more.fails),
    downloadUpdate: () => Promise.resolve(did.push('downloaded')),
    quitAndInstall: () => void did.push('installed'),
  }
  const seen: string[] = []
  const update = openUpdate({
    load: () => {
      loads += 1
      return Promise.resolve(updater)
    },
    feed: () => set.feed,
    busy: () => set.busy,
    signatureIsChecked: () => Promise.resolve(more.signed ?? true),
    beforeInstall: () => Promise.resolve(void did.push('stopped')),
    changed: () => seen.push(update.state().state),
    log: world.log,
  })
  return { update, set, did, seen, updater, loads: () => loads, lines: world.lines }
}

describe('updates', () => {
  test('are off until a feed is named: electron-updater is not even loaded', async () => {
    const { update, loads } = updates({ feed: null, found: '0.2.0' })
    await update.check()
    expect([update.state(), loads()]).toEqual([{ state: 'off', version: null }, 0])
  })
  test('that are there are downloaded, and installed when asked, after everything was stopped', async () => {
    const { update, did, seen } = updates({ found: '0.2.0' })
    await update.check()
    expect([update.state(), seen]).toEqual([{ state: 'ready', version: '0.2.0' }, ['available', 'ready']])
    await update.install()
    expect(did).toEqual(['feed https://updates.hospital.example/firn', 'downloaded', 'stopped', 'installed'])
  })
  test('say so when there are none', async () => {
    const { update, did } = updates()
    await update.check()
    expect([update.state().state, did]).toEqual(['none', ['feed https://updates.hospital.example/firn']])
  })
  test('are held back while work is open, and come when it is over', async () => {
    const { update, set, did } = updates({ found: '0.2.0' })
    set.busy = true
    await update.check()
    expect([update.state(), did.includes('downloaded')]).toEqual([{ state: 'held-back', version: '0.2.0' }, false])
    set.busy = false
    await update.check()
    expect(update.state().state).toBe('ready')
  })
  test('are not installed while work is open, even when ready', async () => {
    const { update, set, did } = updates({ found: '0.2.0' })
    await update.check()
    set.busy = true
    await expect(update.install()).rejects.toMatchObject({ code: 'work-running' })
    expect(did).not.toContain('installed')
  })
  test('are not installed before they are there', async () => {
    const { update, did } = updates()
    await update.install()
    expect(did).toEqual([])
  })
  test('whose publisher would not be checked are not looked for', async () => {
    const { update, loads, lines } = updates({ signed: false, found: '0.2.0' })
    await update.check()
    expect([update.state().state, loads(), lines.map(({ code }) => code)]).toEqual(['failed', 0, ['publisher-unknown']])
  })
  test('never decide by themselves, go backwards, or write a log that names paths', async () => {
    const { update, updater } = updates()
    await update.check()
    const { autoDownload, autoInstallOnAppQuit, allowDowngrade, disableWebInstaller, logger } = updater
    expect({ autoDownload, autoInstallOnAppQuit, allowDowngrade, disableWebInstaller, logger }).toEqual({
      autoDownload: false,
      autoInstallOnAppQuit: false,
      allowDowngrade: false,
      disableWebInstaller: true,
      logger: null,
    })
  })
  test('that fail say so by code, without address or path', async () => {
    const fails = Object.assign(new Error('ENOENT C:\\Users\\doe\\installer.exe'), { code: 'ERR_UPDATER_INVALID_SIGNATURE' })
    const { update, lines } = updates({ fails })
    await update.check()
    expect(update.state().state).toBe('failed')
    expect(lines).toEqual([{ level: 'error', area: 'update', code: 'update-failed', facts: { code: 'ERR_UPDATER_INVALID_SIGNATURE' } }])
  })
  test('are looked for once at a time', async () => {
    const { update, did } = updates({ found: '0.2.0' })
    await Promise.all([update.check(), update.check()])
    expect(did.filter((what) => what === 'downloaded')).toHaveLength(1)
  })
})

describe('on Windows the publisher of an update', () => {
  const folder = mkdtempSync(join(tmpdir(), 'firn-update-'))
  const file = join(folder, 'app-update.yml')
  test.each([
    ['publisherName:\n  - the Firn authors\nprovider: generic\n', true],
    ['provider: generic\npublisherName: the Firn authors\n', true],
    ['provider: generic\nurl: https://updates.invalid/firn\n', false],
    ['publisherName: \nprovider: generic\n', false],
    ['publisherName:\nprovider: generic\n', false],
    ['# publisherName: nobody\n', false],
  ])('%j is checked: %s', async (text, is) => {
    writeFileSync(file, text)
    expect(await signatureIsChecked('win32', file)).toBe(is)
  })
  test('is not checked where the package says nothing', async () => {
    rmSync(folder, { recursive: true })
    expect(await signatureIsChecked('win32', file)).toBe(false)
    expect(await signatureIsChecked('darwin', file)).toBe(true)
  })
})
