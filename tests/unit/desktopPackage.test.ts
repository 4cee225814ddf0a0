/** What the packaged application is: its fuses, its installers, its icon; and how `npm start` finds something to run it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { FuseV1Options } from '@electron/fuses'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { whyNoDesktop } from '../../scripts/electron/desktopHere.mjs'
import { findElectron, whyNoElectron } from '../../scripts/electron/runtime.mjs'
import { icns, ico } from '../../scripts/icons/containers.mjs'
import { afterPack, allFuses, knownFuses } from '../../scripts/package/fuses.mjs'

const root = resolve(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
type Config = Record<string, unknown> & {
  electronFuses: Record<string, boolean>
  nsis: object
  mac: { entitlements: string; target: string[] }
  win: { target: string[]; signtoolOptions: { publisherName: string[] } }
  linux: { target: string[] }
  files: string[]
}
const config = parse(read('electron-builder.yml')) as Config

describe('the fuses', () => {
  test('have a value each, every one that @electron/fuses knows', () => {
    const all = allFuses(config.electronFuses)
    expect(Object.keys(all).sort()).toEqual(
      Object.values(FuseV1Options)
        .filter((value) => typeof value === 'number')
        .map(String),
    )
    expect(knownFuses.length).toBe(Object.keys(all).length)
  })
  test('are set as a hardened application needs them', () => {
    expect(config.electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    })
  })
  test.each(Object.keys(config.electronFuses))('cannot be packaged without %s', (name) => {
    const { [name]: _, ...others } = config.electronFuses
    expect(() => allFuses(others)).toThrow(`Fuses without a value: ${name}.`)
  })
  test('that nobody knows are refused: a typing mistake must not pass for a setting', () => {
    expect(() => allFuses({ ...config.electronFuses, runAsNodes: false })).toThrow('Values without a fuse: runAsNodes.')
  })

  const folder = mkdtempSync(join(tmpdir(), 'firn-fuses-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  /** A stand-in for Electron's binary: the mark, version 1, and a wire of this length in which all is on. */
  const binary = (length: number) => {
    const wire = Buffer.concat([Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'), Buffer.from([1, length]), Buffer.alloc(length, '1')])
    writeFileSync(join(folder, 'firn'), Buffer.concat([Buffer.alloc(64), wire, Buffer.alloc(64)]))
  }
  const pack = () => afterPack({ appOutDir: folder, electronPlatformName: 'linux', packager: { executableName: 'firn', config } })
  test('are all written into the binary when it is packaged', async () => {
    binary(knownFuses.length)
    await pack()
    expect(
      readFileSync(join(folder, 'firn'))
        .subarray(64 + 34, 64 + 34 + knownFuses.length)
        .toString(),
    ).toBe('010011001')
  })
  test('stop the packaging when Electron has one that nobody decided about', async () => {
    binary(knownFuses.length + 1)
    await expect(pack()).rejects.toThrow('strictlyRequireAllFuses')
  })
  test('are set by the hook that the configuration names', () => {
    expect(config['afterPack']).toBe('scripts/package/fuses.mjs')
  })
})

describe('the installers', () => {
  test('are one for Windows per machine, one for macOS hardened, three for Linux', () => {
    expect([config.win.target, config.mac.target, config.linux.target]).toEqual([['nsis'], ['dmg'], ['AppImage', 'deb', 'rpm']])
    expect(config.nsis).toMatchObject({ oneClick: false, perMachine: true, deleteAppDataOnUninstall: false })
    expect(config.mac).toMatchObject({ hardenedRuntime: true, entitlements: 'build/entitlements.mac.plist' })
  })
  test('loosen nothing on macOS but compiling at run time', () => {
    expect([...read(config.mac.entitlements).matchAll(/<key>(.*)<\/key>/g)].map(([, key]) => key)).toEqual([
      'com.apple.security.cs.allow-jit',
    ])
  })
  test('name the publisher whose updates are taken', () => {
    expect(config.win.signtoolOptions.publisherName).toEqual(['the Firn authors'])
  })
  test('hold one archive with its digest, and no sources', () => {
    expect([config['asar'], config['disableAsarIntegrity']]).toEqual([true, false])
    expect(config.files.filter((pattern) => /^(main|renderer|shared|tests)/.test(pattern))).toEqual([])
  })
  test('tell how to install without a question', () => {
    expect(read('docs/desktop.md')).toContain('/S')
  })
})

describe('the icon', () => {
  test.each([
    'icons/16x16.png',
    'icons/256x256.png',
    'icons/512x512.png',
    'icon.ico',
    'icon.icns',
    'trayTemplate.png',
    'trayTemplate@2x.png',
  ])('is there as %s', (file) => expect(statSync(join(root, 'build', file)).size).toBeGreaterThan(100))
  test('is the same drawing in the window and on the desktop', () => {
    expect(read('renderer/public/icon.svg')).toBe(read('build/icon.svg'))
  })
  test('is packed as Windows and macOS read it', () => {
    const png = Buffer.from('png of 256')
    const windows = ico([{ size: 256, png }])
    expect([
      windows.readUInt16LE(2),
      windows.readUInt16LE(4),
      windows.readUInt8(6),
      windows.subarray(windows.readUInt32LE(18)).toString(),
    ]).toEqual([1, 1, 0, 'png of 256'])
    const mac = icns([{ size: 256, png }])
    expect([mac.toString('latin1', 0, 4), mac.readUInt32BE(4), mac.toString('latin1', 8, 12), mac.readUInt32BE(12)]).toEqual([
      'icns',
      mac.length,
      'ic08',
      png.length + 8,
    ])
  })
})

describe('npm start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'firn-electron-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  test('takes the runtime that is named', () => {
    writeFileSync(join(folder, 'electron'), '')
    const named = { ELECTRON_OVERRIDE_DIST_PATH: folder }
    expect(findElectron(named, 'linux')).toEqual({ dist: folder, executable: join(folder, 'electron') })
    expect(findElectron(named, 'win32')).toBeUndefined()
    mkdirSync(join(folder, 'Electron.app/Contents/MacOS'), { recursive: true })
    writeFileSync(join(folder, 'Electron.app/Contents/MacOS/Electron'), '')
    expect(findElectron(named, 'darwin')?.executable).toBe(join(folder, 'Electron.app/Contents/MacOS/Electron'))
  })
  test('says why there is none, in one line', () => {
    expect(whyNoElectron({ ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' })).toBe('ELECTRON_OVERRIDE_DIST_PATH names a folder without Electron')
    expect(whyNoElectron({})).toMatch(/^Electron 45\.\d+\.\d+ is not here and could not be downloaded$/)
  })
  test.each([
    [{}, 'linux', 1000, 'There is no desktop on this machine'],
    [{ DISPLAY: '' }, 'linux', 1000, 'There is no desktop on this machine'],
    [{ DISPLAY: ':0' }, 'linux', 1000, undefined],
    [{ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', 1000, undefined],
    [{ DISPLAY: ':0' }, 'linux', 0, 'The desktop application does not run as root'],
    [{}, 'darwin', 501, undefined],
    [{}, 'win32', undefined, undefined],
  ] as const)('with %j on %s as %s opens the console because: %s', (environment, platform, user, why) =>
    expect(whyNoDesktop(environment as NodeJS.ProcessEnv, platform, user)).toBe(why),
  )
})
