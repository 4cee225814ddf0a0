/** The preload script as it is built: one small CommonJS file that puts four functions on the window, and nothing else. */
import { resolve } from 'node:path'
import vm from 'node:vm'
import { build } from 'vite'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Preloaded } from '../../renderer/bridge/preloaded.ts'
import { overPreload } from '../../renderer/bridge/preloaded.ts'
import { preloadBuild } from '../../scripts/build/preloadBuild.mjs'

const budget = 4096
let code: string

beforeAll(async () => {
  const root = resolve(import.meta.dirname, '../..')
  const { rolldownOptions, ...options } = preloadBuild(root)
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    root,
    build: { ...options, write: false, ssr: true, rolldownOptions: { ...rolldownOptions, external: ['electron'] } as object },
  })
  const [chunk] = (built as { output: { code: string; fileName: string }[] }).output
  code = chunk?.code ?? ''
  expect(chunk?.fileName).toBe('bridge.cjs')
})

type Page = ReturnType<typeof loaded>
function loaded() {
  const exposed = new Map<string, unknown>()
  const required: string[] = []
  const on = new Map<string, (event: { ports: unknown[] }, ...given: unknown[]) => void>()
  const sent: unknown[][] = []
  const invoked: unknown[][] = []
  const electron = {
    contextBridge: { exposeInMainWorld: (name: string, value: unknown) => exposed.set(name, value) },
    ipcRenderer: {
      on: (channel: string, tell: never) => on.set(channel, tell),
      send: (...given: unknown[]) => sent.push(given),
      invoke: (...given: unknown[]) => {
        invoked.push(given)
        return Promise.resolve({ ok: true, value: 'answer' })
      },
    },
    webUtils: { getPathForFile: (file: { path: string }) => file.path },
  }
  const require = (name: string): unknown => {
    required.push(name)
    if (name !== 'electron') throw new Error(`a sandboxed preload script cannot require ${name}`)
    return electron
  }
  vm.runInNewContext(code, { require, exports: {}, module: { exports: {} }, crypto, Date, Map, Set, JSON, Promise, Uint32Array })
  return { exposed, required, on, sent, invoked, bridge: exposed.get('bridge') as Required<Preloaded> }
}
function portStandIn() {
  let tell: (event: { data: unknown }) => void = () => undefined
  const port = {
    started: false,
    closed: false,
    addEventListener: (_kind: string, listener: typeof tell) => (tell = listener),
    start: () => (port.started = true),
    close: () => (port.closed = true),
    tells: (data: unknown) => tell({ data }),
  }
  return port
}

let page: Page
beforeEach(() => {
  page = loaded()
})

describe('the preload script', () => {
  test('is one CommonJS file within its budget that requires Electron only', () => {
    expect(Buffer.byteLength(code)).toBeLessThanOrEqual(budget)
    expect(code).not.toMatch(/\bimport\b|\bexport\b/)
    expect(page.required).toEqual(['electron'])
  })
  test('puts exactly four functions on the window', () => {
    expect([...page.exposed.keys()]).toEqual(['bridge'])
    expect(Object.keys(page.bridge)).toEqual(['call', 'listen', 'connection', 'dropped'])
    expect(Object.values(page.bridge).map((value) => typeof value)).toEqual(['function', 'function', 'function', 'function'])
  })
  test('asks as text, with an id of its own for each call', async () => {
    expect(await page.bridge.call('plan.current', { a: 1 })).toEqual({ ok: true, value: 'answer' })
    await page.bridge.call('plan.curve', {})
    expect(page.invoked).toEqual([
      ['firn:call', '{"kind":"call","id":1,"name":"plan.current","input":{"a":1}}'],
      ['firn:call', '{"kind":"call","id":2,"name":"plan.curve","input":{}}'],
    ])
  })
  test('lets the screens give up a call', async () => {
    const controller = new AbortController()
    const answer = overPreload(page.bridge).call('plan.current', {}, controller.signal)
    expect(page.sent).toHaveLength(1)
    controller.abort()
    expect(page.sent.at(-1)).toEqual(['firn:cancel', 1])
    await answer
  })
  test('hands values to whoever listens, the last one at once, and never an event of Electron', () => {
    const heard: unknown[] = []
    const stop = page.bridge.listen('host', (...given: unknown[]) => heard.push(given))
    page.on.get('firn:told')?.({ ports: [] }, { kind: 'topic', topic: 'host', value: 'first' })
    page.bridge.listen('host', (...given: unknown[]) => heard.push(['late', ...given]))
    stop()
    page.on.get('firn:told')?.({ ports: [] }, { kind: 'topic', topic: 'host', value: 'second' })
    expect(heard).toEqual([['first'], ['late', 'first'], ['late', 'second']])
  })
  test('takes snapshots from the port that came with its own nonce only, and from the newest', () => {
    const nonce = page.sent[0]?.[1]
    expect(page.sent[0]).toEqual(['firn:watch', expect.stringMatching(/^(\d+-){3}\d+$/)])
    const heard: unknown[] = []
    page.bridge.listen('snapshot', (value) => heard.push(value))
    const [foreign, first, second] = [portStandIn(), portStandIn(), portStandIn()]
    page.on.get('firn:port')?.({ ports: [foreign] }, 'somebody else')
    page.on.get('firn:port')?.({ ports: [first] }, nonce)
    page.on.get('firn:port')?.({ ports: [second] }, nonce)
    foreign.tells({ kind: 'topic', topic: 'snapshot', value: 'foreign' })
    second.tells({ kind: 'topic', topic: 'snapshot', value: 'second' })
    second.tells({ kind: 'else' })
    second.tells(null)
    expect(heard).toEqual(['second'])
    expect([foreign.started, first.closed, second.started, second.closed]).toEqual([false, true, true, false])
  })
  test('is connected from the first word of the host on', () => {
    const states: unknown[] = []
    page.bridge.connection(({ state }) => states.push(state))
    page.on.get('firn:told')?.({ ports: [] }, { kind: 'topic', topic: 'host', value: 1 })
    page.on.get('firn:told')?.({ ports: [] }, { kind: 'topic', topic: 'host', value: 2 })
    expect(states).toEqual(['connecting', 'open'])
  })
  test('tells the path of a dropped folder to the main process only, and made-up files to nobody', async () => {
    await page.bridge.dropped({ path: '/archive' } as unknown as File)
    expect(await page.bridge.dropped({ path: '' } as unknown as File)).toBeNull()
    expect(page.invoked).toEqual([['firn:dropped', '/archive']])
  })
})
