/** What a host does with what screens ask: it answers or forwards, never hangs, and never lets a screen name a path. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Notice } from '../../shared/contract/engineWire.ts'
import { calls } from '../../shared/contract/bridge.ts'
import { pathToken } from '../../shared/contract/calls/call.ts'
import { defaultSettings } from '../../shared/contract/settings.ts'
import { homeFolder, prepareHome } from '../../main/hosting/home.ts'
import { mostTokens, openPathTokens } from '../../main/hosting/pathTokens.ts'
import { stringsAt } from '../../main/hosting/stringsAt.ts'
import { isFault } from '../../shared/faults/fault.ts'
import { settle } from '../kit/heldClock.ts'
import { usual } from '../kit/standInChild.ts'
import { testWorld } from '../kit/world.ts'
import { aHost, answering, never, secretStore, type TestHost } from './hostingKit.ts'

let host: TestHost
beforeEach(async () => {
  host = await aHost()
})
afterEach(() => host.close())

const refusal = (code: string) => ({ ok: false, fault: expect.objectContaining({ code }) as unknown })
const anArchive = {
  id: 1,
  bucket: 'b',
  prefix: '',
  kind: 'folder',
  scannedAt: null,
  scanOpen: false,
  ...Object.fromEntries(['items', 'bytes', 'studies', 'dicomItems', 'vanished', 'ignored', 'anomalies'].map((name) => [name, 0])),
}
const unknownToken = `path-${'0'.repeat(32)}`

describe('calls', () => {
  test('are answered by the engine', async () => {
    expect(await host.ask('limits.read')).toMatchObject({ ok: true })
    expect(host.forwarded()).toMatchObject([{ name: 'limits.read', paths: {}, keys: {} }])
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'limits', 'limits.read ', 'host', 'host.nothing'])(
    'that do not exist are refused: "%s"',
    async (name) => {
      expect(await host.ask(name)).toEqual(refusal('unknown-call'))
      expect(host.forwarded()).toEqual([])
    },
  )

  test('with an input that is not of the contract never reach the engine', async () => {
    expect(await host.ask('limits.read', { more: 1 })).toEqual(refusal('bad-input'))
    expect(await host.ask('works.start', { kind: 'format-disk' })).toEqual(refusal('bad-input'))
    expect(await host.ask('host.saveSettings', JSON.parse('{"settings":{"__proto__":{"appearance":"dark"}}}'))).toEqual(
      refusal('bad-input'),
    )
    expect(host.forwarded()).toEqual([])
  })

  test('an answer of the engine that is not of the contract does not reach the screen', async () => {
    await host.close()
    host = await aHost({
      answer(message, child) {
        usual(message, child)
        if (message.kind === 'call') child.say({ kind: 'reply', id: message.id, reply: { ok: true, value: { path: '/archive' } } })
      },
    })
    expect(await host.ask('limits.read')).toEqual(refusal('unforeseen'))
  })

  test('in flight when the engine is killed are answered with engine-gone; the next one waits for the new engine', async () => {
    const cut = host.ask('archives.list')
    await settle()
    host.children.last().end('SIGKILL')
    const next = host.ask('limits.read')
    expect(await cut).toEqual(refusal('engine-gone'))
    await host.clock.advance(0)
    expect(await next).toMatchObject({ ok: true })
    expect(host.children.started).toHaveLength(2)
  })

  test('while the engine does not come back wait 15 seconds and no longer', async () => {
    await host.close()
    host = await aHost({ answer: () => undefined })
    const asked = host.ask('limits.read')
    let answered = false
    void asked.then(() => (answered = true))
    await host.clock.advance(14_999)
    expect(answered).toBe(false)
    await host.clock.advance(1)
    expect(await asked).toEqual(refusal('engine-gone'))
  })

  test('that the engine never answers end by themselves, and the engine is told', async () => {
    const asked = host.ask('plan.current')
    await host.clock.advance(30_000)
    expect(await asked).toEqual(refusal('answer-late'))
    await settle()
    expect(host.children.last().heard.at(-1)).toEqual({ kind: 'cancel', id: 1 })
  })

  test('that the screen gives up are cancelled in the engine', async () => {
    const controller = new AbortController()
    const asked = host.ask('plan.current', {}, controller.signal)
    await settle()
    controller.abort()
    expect(await asked).toEqual(refusal('stopped'))
    await settle()
    expect(host.children.last().heard.at(-1)).toEqual({ kind: 'cancel', id: 1 })
  })
})

describe('an engine that ends', () => {
  test('is shown in the state and told as a notice, each time, and opened is what was open', async () => {
    const notices: Notice[] = []
    host.host.onNotice((notice) => notices.push(notice))
    host.children.last().say({ kind: 'opened', open: 'one', folder: '/migrations/one' })
    host.children.last().end('exit 1, RangeError')
    await settle()
    expect(notices).toMatchObject([{ kind: 'failure', facts: { code: 'engine-gone', how: 'exit 1, RangeError', state: 'restarting' } }])
    await host.clock.advance(0)
    expect(host.host.state().engine).toMatchObject({ state: 'running', restarts: 1, lastEnd: { how: 'exit 1, RangeError' } })
    expect(host.children.last().heard[0]).toMatchObject({ kind: 'begin', open: 'one' })
  })

  test('in a loop is given up; a person starts it again, with nothing open', async () => {
    let broken = false
    await host.close()
    host = await aHost({
      answer(message, child) {
        if (broken && message.kind === 'begin') child.end('exit 1')
        else answering(message, child)
      },
    })
    host.children.last().say({ kind: 'opened', open: 'poisoned', folder: '/migrations/poisoned' })
    broken = true
    host.children.last().end('exit 1')
    await host.clock.advance(60_000)
    expect(host.host.state().engine.state).toBe('gave-up')
    expect(await host.ask('limits.read')).toEqual(refusal('engine-gone'))
    broken = false
    expect(await host.ask('host.restartEngine')).toMatchObject({ ok: true, value: { engine: { state: 'starting' } } })
    await settle()
    expect(host.children.last().heard[0]).toMatchObject({ kind: 'begin', open: null })
    expect(await host.ask('limits.read')).toMatchObject({ ok: true })
  })

  test('still leaves a support bundle to be saved: the part of the host', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'firn-bundle-'))
    const opened = await aHost({ answer: (message, child) => (message.kind === 'begin' ? child.end('exit 1') : undefined) })
    await opened.clock.advance(60_000)
    const { token } = opened.host.tokenFor(folder)
    const saved = await opened.ask('host.saveSupportBundle', { folder: token })
    expect(saved).toMatchObject({ ok: true, value: { url: null } })
    const [made = ''] = readdirSync(folder)
    expect(readdirSync(join(folder, made))).toEqual(['host.json'])
    const text = readFileSync(join(folder, made, 'host.json'), 'utf8')
    expect(JSON.parse(text)).toMatchObject({ engine: { state: 'gave-up', restarts: 4 } })
    expect(text).not.toContain(opened.home)
    await opened.close()
    rmSync(folder, { recursive: true })
  })
})

describe('a support bundle', () => {
  test('is saved as it was shown, and never into an archive', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'firn-bundle-'))
    mkdirSync(join(folder, 'archive'))
    mkdirSync(join(folder, 'beside'))
    let shown = 0
    await host.close()
    host = await aHost({
      answer(message, child) {
        usual(message, child)
        if (message.kind !== 'call') return
        const reply = (value: unknown) => child.say({ kind: 'reply', id: message.id, reply: { ok: true, value } })
        if (message.name === 'archives.list') reply({ archives: [{ ...anArchive, label: join(folder, 'archive') }] })
        else reply({ files: [{ name: 'log.ndjson', bytes: 1, text: String((shown += 1)) }] })
      },
    })
    await host.ask('diagnostics.supportBundle')
    const into = (name: string) => host.ask('host.saveSupportBundle', { folder: host.host.tokenFor(join(folder, name)).token })
    expect(await into('archive')).toEqual(refusal('bad-input'))
    expect(readdirSync(join(folder, 'archive'))).toEqual([])
    expect(await into('beside')).toMatchObject({ ok: true })
    const [made = ''] = readdirSync(join(folder, 'beside'))
    expect(readFileSync(join(folder, 'beside', made, 'log.ndjson'), 'utf8')).toBe('1')
    rmSync(folder, { recursive: true })
  })
})

describe('places', () => {
  test('reach the engine as paths, only those of the input, and only for tokens that were given', async () => {
    const { token } = host.host.tokenFor('/archive/Doe^Jane')
    host.host.tokenFor('/elsewhere')
    void host.ask('archives.add', { folder: token, prefix: 'ct/' })
    await settle()
    expect(host.forwarded()).toMatchObject([{ name: 'archives.add', paths: { [token]: '/archive/Doe^Jane' } }])
    expect(await host.ask('archives.add', { folder: unknownToken, prefix: '' })).toEqual(refusal('place-unknown'))
    expect(await host.ask('archives.add', { folder: '/etc', prefix: '' })).toEqual(refusal('bad-input'))
    expect(host.forwarded()).toHaveLength(1)
  })

  test('are found wherever a call of the contract takes one, and nowhere else', () => {
    const token = `path-${'a'.repeat(32)}`
    const inputs: Readonly<Record<string, unknown>> = {
      'migrations.openFolder': { folder: token },
      'migrations.rehearse': { archive: token },
      'migrations.create': { archives: [{ folder: token, prefix: '' }], folder: null, share: null },
      'archives.add': { folder: token, prefix: token },
      'devices.access': { certificate: token },
      'devices.addCustody': { attachments: [token] },
      'host.browse': { in: token },
      'host.setWallboard': { certificate: { certificate: token, key: token } },
      'host.saveSupportBundle': { folder: token },
    }
    const takers = Object.entries(calls).filter(([, { input }]) =>
      JSON.stringify(z.toJSONSchema(input, { io: 'input' })).includes('^path-'),
    )
    expect(takers.map(([name]) => name).toSorted()).toEqual(Object.keys(inputs).toSorted())
    for (const [name, { input }] of takers) expect([...stringsAt(input, pathToken, inputs[name])], name).toEqual([token])
    expect([...stringsAt(calls['migrations.openFolder'].input, pathToken, { folder: [token], more: token })]).toEqual([])
    expect([...stringsAt(calls['devices.addCustody'].input, pathToken, { note: token, place: token })]).toEqual([])
  })

  test('are forgotten, the longest unused first, so that their number has an end', () => {
    const tokens = openPathTokens(testWorld().random)
    const first = tokens.tokenFor('/first')
    const second = tokens.tokenFor('/second')
    for (let nth = 2; nth < mostTokens; nth += 1) tokens.tokenFor(`/${nth}`)
    expect(tokens.pathOf(first.token)).toBe('/first')
    tokens.tokenFor('/one-too-many')
    expect(tokens.pathOf(first.token)).toBe('/first')
    expect(() => tokens.pathOf(second.token)).toThrow('place-unknown')
    expect(tokens.tokenFor('/first').token).toBe(first.token)
  })

  test('are browsed from a few beginnings down; links are neither shown nor followed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'firn-browse-'))
    mkdirSync(join(folder, 'b'))
    mkdirSync(join(folder, 'a'))
    writeFileSync(join(folder, 'file.pem'), '')
    symlinkSync('/etc', join(folder, 'link'))
    const { token } = host.host.tokenFor(folder)
    expect(await host.ask('host.browse', { in: null })).toMatchObject({ ok: true, value: { here: null, parent: null } })
    const shown = await host.ask('host.browse', { in: token })
    expect(shown).toMatchObject({
      ok: true,
      value: { entries: [{ name: 'a' }, { name: 'b' }], more: false, here: { token, label: folder } },
    })
    const files = await host.ask('host.browse', { in: token, files: true })
    expect(files).toMatchObject({ value: { entries: [{ name: 'a' }, { name: 'b' }, { name: 'file.pem', kind: 'file' }] } })
    const inLink = host.host.tokenFor(join(folder, 'link')).token
    expect(await host.ask('host.browse', { in: inLink })).toEqual(refusal('place-unknown'))
    expect(await host.ask('host.browse', { in: unknownToken })).toEqual(refusal('place-unknown'))
    rmSync(folder, { recursive: true })
  })

  test('in a folder of many thousands show the first 2,000 and say that there are more', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'firn-browse-'))
    for (let nth = 0; nth < 2100; nth += 1) mkdirSync(join(folder, String(nth).padStart(5, '0')))
    const shown = await host.ask('host.browse', { in: host.host.tokenFor(folder).token })
    expect(shown).toMatchObject({ ok: true, value: { more: true, entries: { length: 2000 } } })
    rmSync(folder, { recursive: true })
  })
})

describe('settings', () => {
  const file = () => join(host.home, 'settings.json')

  test('that change leave the others as they are, on the disk too', async () => {
    await host.ask('host.saveSettings', { settings: { idleMinutes: 5 } })
    expect(await host.ask('host.saveSettings', { settings: { appearance: 'dark' } })).toMatchObject({
      ok: true,
      value: { settings: { ...defaultSettings, idleMinutes: 5, appearance: 'dark' } },
    })
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({ ...defaultSettings, idleMinutes: 5, appearance: 'dark' })
    expect(readdirSync(host.home).filter((name) => name.endsWith('.new'))).toEqual([])
  })

  test.each([
    ['not JSON', '{', ['settings.json'], {}],
    ['a list', '[1]', ['settings.json'], {}],
    ['fields of no use', '{"appearance":"purple","idleMinutes":7}', ['appearance'], { idleMinutes: 7 }],
  ])('that are %s do not keep Firn from starting; what is of no use is named', async (_, text, refused, kept) => {
    const made = mkdtempSync(join(tmpdir(), 'firn-home-'))
    mkdirSync(join(made, 'home'))
    writeFileSync(join(made, 'home', 'settings.json'), text)
    const opened = await aHost({ home: made })
    expect(opened.host.state()).toMatchObject({ settingsRefused: refused, settings: { ...defaultSettings, ...kept } })
    await opened.ask('host.saveSettings', { settings: { density: 'compact' } })
    expect(opened.host.state().settingsRefused).toEqual([])
    expect(readFileSync(join(made, 'home', 'settings.json.refused'), 'utf8')).toBe(text)
    await opened.close()
  })
})

describe('keys for AWS', () => {
  const keys = { name: 'radiology', accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG', sessionToken: null }
  const access = { region: 'eu-central-1', access: { kind: 'keys', name: 'radiology' }, bucket: null }

  test('are refused where no secret store keeps them', async () => {
    expect(await host.ask('host.keepKeys', keys)).toEqual(refusal('secrets-not-kept'))
    expect(existsSync(join(host.home, 'keys'))).toBe(false)
  })

  test('lie encrypted on the disk, show their names to screens, and go to the engine only when it needs them', async () => {
    await host.close()
    host = await aHost({ abilities: { secrets: secretStore } })
    expect(await host.ask('host.keepKeys', keys)).toEqual({ ok: true, value: { name: 'radiology' } })
    for (const name of readdirSync(join(host.home, 'keys'))) {
      const text = readFileSync(join(host.home, 'keys', name), 'utf8')
      expect(text).not.toContain(keys.accessKeyId)
      expect(text).not.toContain(keys.secretAccessKey)
    }
    expect(await host.ask('host.keptKeys')).toEqual({ ok: true, value: { names: ['radiology'] } })
    void host.ask('aws.test', access)
    await host.clock.advance(0)
    const { name: _, ...bare } = keys
    await expect.poll(() => host.forwarded()[0]).toMatchObject({ name: 'aws.test', keys: { radiology: bare } })
    host.children.last().say({ kind: 'keys-wanted', ask: 7, name: 'radiology' })
    host.children.last().say({ kind: 'keys-wanted', ask: 8, name: '../settings' })
    await expect
      .poll(() => host.children.last().heard.filter(({ kind }) => kind === 'keys'))
      .toEqual(
        expect.arrayContaining([
          { kind: 'keys', ask: 7, keys: bare },
          { kind: 'keys', ask: 8, keys: null },
        ]),
      )
    await host.ask('host.forgetKeys', { name: 'radiology' })
    expect(await host.ask('aws.test', access)).toEqual(refusal('keys-not-given'))
  })
})

describe('the home', () => {
  test('is named by FIRN_HOME, or is the data folder of the platform', () => {
    expect(homeFolder({ FIRN_HOME: '/srv/firn' }, 'linux', '/home/it')).toBe('/srv/firn')
    expect(homeFolder({}, 'linux', '/home/it')).toBe('/home/it/.local/share/firn')
    expect(homeFolder({ XDG_DATA_HOME: '/data' }, 'linux', '/home/it')).toBe('/data/firn')
    expect(homeFolder({}, 'darwin', '/Users/it')).toBe('/Users/it/Library/Application Support/Firn')
  })

  test('that cannot be written is said at once, in words of its own', () => {
    const made = mkdtempSync(join(tmpdir(), 'firn-home-'))
    writeFileSync(join(made, 'file'), '')
    expect(() => prepareHome(join(made, 'file', 'home'))).toThrow(expect.toSatisfy((error) => isFault(error, 'home-not-writable')) as Error)
    chmodSync(made, 0o500)
    if (process.getuid?.() !== 0) expect(() => prepareHome(join(made, 'home'))).toThrow('home-not-writable')
    chmodSync(made, 0o700)
    rmSync(made, { recursive: true })
  })
})

describe('when the last screen is gone', () => {
  test('the engine goes on, unless it is set to stop; then it stops after half a minute and comes back with the next screen', async () => {
    host.host.screens(1)
    host.host.screens(0)
    await host.clock.advance(120_000)
    expect(host.host.state().engine.state).toBe('running')
    await host.ask('host.saveSettings', { settings: { onClose: 'stop' } })
    host.host.screens(1)
    host.host.screens(0)
    await host.clock.advance(20_000)
    host.host.screens(1)
    await host.clock.advance(120_000)
    expect(host.host.state().engine.state).toBe('running')
    host.host.screens(0)
    await host.clock.advance(31_000)
    expect(host.host.state().engine.state).toBe('stopped')
    expect(await host.ask('limits.read')).toEqual(refusal('engine-gone'))
    host.host.screens(1)
    await settle()
    expect(await host.host.call('limits.read', {}, never)).toMatchObject({ ok: true })
  })
})
