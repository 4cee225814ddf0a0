/** The main process's end of the bridge: what it lets through to the host, and what it refuses. */
import type { IpcMain, WebContents } from 'electron'
import { beforeEach, describe, expect, test } from 'vitest'
import { serveBridge } from '../../main/bridge/serve.ts'
import type { Host } from '../../main/hosting/abilities.ts'
import { largestRequest, mostOpenCalls } from '../../shared/contract/wire.ts'
import { contentsStandIn, ipcStandIn } from '../kit/electronStandIn.ts'

type EngineState = { state: string; since: number }
const mainFrame = { url: 'firn-app://app/', parent: null, detached: false }

function served() {
  const ipc = ipcStandIn()
  const window = contentsStandIn()
  const asked: { name: string; input: unknown; signal: AbortSignal }[] = []
  const attached: unknown[] = []
  const refused: string[] = []
  const engine: EngineState = { state: 'running', since: 1 }
  let watcher: (state: object) => void = () => undefined
  let hold: Promise<unknown> = Promise.resolve()
  let channels = 0
  const host = {
    async call(name: string, input: unknown, signal: AbortSignal) {
      asked.push({ name, input, signal })
      await hold
      return { ok: true, value: name }
    },
    tokenFor: (path: string) => ({ token: `path-${'0'.repeat(32)}`, label: `…${path.slice(-4)}` }),
    state: () => ({ engine }),
    watch(tell: typeof watcher) {
      watcher = tell
      return () => (watcher = () => undefined)
    },
    attachPort: (port: unknown) => attached.push(port),
  }
  const stop = serveBridge({
    ipc: ipc as unknown as IpcMain,
    window: window as unknown as WebContents,
    host: host as unknown as Host,
    newChannel: () => ({ port1: `window ${++channels}`, port2: `engine ${channels}` }),
    isFolder: (path) => Promise.resolve(path.endsWith('/folder')),
    onRefused: (code) => refused.push(code),
  })
  const page = { sender: window, senderFrame: mainFrame }
  return {
    ipc,
    window,
    asked,
    attached,
    refused,
    stop,
    page,
    engine,
    changes: (next: Partial<EngineState>) => watcher({ engine: Object.assign(engine, next) }),
    holdsUntil: (promise: Promise<unknown>) => void (hold = promise),
    call: (id: number, name = 'host.state', input: unknown = {}, from: object = page) =>
      ipc.invokes('firn:call', from, JSON.stringify({ kind: 'call', id, name, input })),
    says: (text: unknown) => ipc.invokes('firn:call', page, text),
  }
}
const refusedAs = (code: string) => ({ ok: false, fault: expect.objectContaining({ code }) as unknown })

let bridge: ReturnType<typeof served>
beforeEach(() => {
  bridge = served()
})

describe('a call over the bridge', () => {
  test('of our own page reaches the host, and the answer comes back', async () => {
    expect(await bridge.call(1, 'plan.current', { a: 1 })).toEqual({ ok: true, value: 'plan.current' })
    expect(bridge.asked).toEqual([{ name: 'plan.current', input: { a: 1 }, signal: expect.any(AbortSignal) as unknown }])
  })

  test.each([
    ['a frame that is gone', { senderFrame: null }],
    ['a frame within the page', { senderFrame: { ...mainFrame, parent: {} } }],
    ['a page of another origin', { senderFrame: { ...mainFrame, url: 'firn-app://app.evil/' } }],
    ['another window', { sender: {} }],
  ])('of %s is refused, and noted', async (_who, more) => {
    expect(await bridge.call(1, 'host.state', {}, { ...bridge.page, ...more })).toEqual(refusedAs('message-refused'))
    expect([bridge.asked, bridge.refused]).toEqual([[], ['message-refused']])
  })

  test.each([
    ['something that is no text', { kind: 'call', id: 1, name: 'host.state', input: {} }],
    ['nothing', undefined],
    ['text that is no JSON', '{"kind":'],
    ['JSON that is no request', '[]'],
    ['a request with a field too many', '{"kind":"call","id":1,"name":"host.state","input":{},"path":"/etc"}'],
    ['a cancellation', '{"kind":"cancel","id":1}'],
    ['a name that never ends', JSON.stringify({ kind: 'call', id: 1, name: 'x'.repeat(65), input: {} })],
    ['an id below zero', '{"kind":"call","id":-1,"name":"host.state","input":{}}'],
  ])('that is %s is refused', async (_what, text) => {
    expect(await bridge.says(text)).toEqual(refusedAs('message-refused'))
    expect(bridge.asked).toEqual([])
  })

  test('may be as long as the contract says, counted in bytes, and not one byte longer', async () => {
    const empty = JSON.stringify({ kind: 'call', id: 1, name: 'host.state', input: '' })
    const filledTo = (bytes: number, filler: string) =>
      empty.replace('""', `"${filler.repeat(Math.floor((bytes - Buffer.byteLength(empty)) / Buffer.byteLength(filler)))}"`)
    expect(await bridge.says(filledTo(largestRequest, 'x'))).toEqual({ ok: true, value: 'host.state' })
    expect(await bridge.says(filledTo(largestRequest + 1, 'x'))).toEqual(refusedAs('message-refused'))
    expect(await bridge.says(filledTo(largestRequest + 4, 'ü'))).toEqual(refusedAs('message-refused'))
  })

  test('beyond the number that may be open is refused until one is answered', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    bridge.holdsUntil(promise)
    const open = Array.from({ length: mostOpenCalls }, (_, id) => bridge.call(id))
    expect(await bridge.call(1000)).toEqual(refusedAs('too-many-calls'))
    resolve()
    await Promise.all(open)
    expect(await bridge.call(1000)).toEqual({ ok: true, value: 'host.state' })
  })

  test('with the id of one that is open is refused', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    bridge.holdsUntil(promise)
    const first = bridge.call(1)
    expect(await bridge.call(1)).toEqual(refusedAs('message-refused'))
    resolve()
    expect(await first).toEqual({ ok: true, value: 'host.state' })
  })

  test('is given up when the page no longer wants it, and only by our page', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    bridge.holdsUntil(promise)
    const answer = bridge.call(7)
    bridge.ipc.sends('firn:cancel', { ...bridge.page, senderFrame: null }, 7)
    bridge.ipc.sends('firn:cancel', bridge.page, 8)
    bridge.ipc.sends('firn:cancel', bridge.page, '7')
    expect(bridge.asked[0]?.signal.aborted).toBe(false)
    bridge.ipc.sends('firn:cancel', bridge.page, 7)
    expect(bridge.asked[0]?.signal.aborted).toBe(true)
    resolve()
    await answer
  })

  test('of a page that was loaded anew is not confused with those of the page before', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    bridge.holdsUntil(promise)
    const answer = bridge.call(1)
    bridge.ipc.sends('firn:watch', bridge.page, 'nonce')
    expect(bridge.asked[0]?.signal.aborted).toBe(true)
    resolve()
    await answer
  })
})

describe('a page that listens', () => {
  test('is told the state of the host, and given a port to the engine with its nonce', () => {
    bridge.ipc.sends('firn:watch', bridge.page, 'n-1')
    expect(bridge.window.sent).toEqual([
      { channel: 'firn:told', message: { kind: 'topic', topic: 'host', value: { engine: bridge.engine } }, ports: [] },
      { channel: 'firn:port', message: 'n-1', ports: ['window 1'] },
    ])
    expect(bridge.attached).toEqual(['engine 1'])
  })
  test('gets one port for each start of the engine', () => {
    bridge.ipc.sends('firn:watch', bridge.page, 'n-1')
    bridge.changes({})
    bridge.changes({ state: 'restarting', since: 2 })
    bridge.changes({ state: 'running', since: 3 })
    bridge.changes({})
    expect(bridge.attached).toEqual(['engine 1', 'engine 2'])
    expect(bridge.window.sent.filter(({ channel }) => channel === 'firn:told')).toHaveLength(5)
  })
  test('gets a port of its own after it was loaded anew', () => {
    bridge.ipc.sends('firn:watch', bridge.page, 'n-1')
    bridge.ipc.sends('firn:watch', bridge.page, 'n-2')
    expect(bridge.window.sent.filter(({ channel }) => channel === 'firn:port').map(({ message }) => message)).toEqual(['n-1', 'n-2'])
  })
  test('of another origin is told nothing', () => {
    bridge.ipc.sends('firn:watch', { ...bridge.page, senderFrame: { ...mainFrame, url: 'https://evil.example/' } }, 'n-1')
    bridge.ipc.sends('firn:watch', bridge.page, { toString: 1 })
    bridge.changes({})
    expect([bridge.window.sent, bridge.attached]).toEqual([[], []])
  })
})

describe('a folder dropped on the window', () => {
  const drop = (path: unknown, from: object = bridge.page) => bridge.ipc.invokes('firn:dropped', from, path)
  test('becomes a token and a label; the path goes no further', async () => {
    expect(await drop('/archive/of/doe^jane/folder')).toEqual({ token: `path-${'0'.repeat(32)}`, label: '…lder' })
  })
  test.each([
    ['a path that begins nowhere', 'relative/folder'],
    ['nothing', ''],
    ['a way upwards', '../folder'],
    ['a path with a NUL in it', '/nul\0/folder'],
    ['a file', '/a/file'],
    ['a path without end', `/${'x'.repeat(40_000)}/folder`],
    ['a number', 7],
    ['null', null],
    ['a list', ['/folder']],
  ])('%s is not one', async (_what, path) => expect(await drop(path)).toBeNull())
  test('counts only when our own page received it', async () => {
    expect(await drop('/a/folder', { ...bridge.page, senderFrame: null })).toBeNull()
    expect(bridge.refused).toEqual(['message-refused'])
  })
})

test('when the window is gone, nobody is served and nothing stays open', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  bridge.holdsUntil(promise)
  const answer = bridge.call(1)
  bridge.stop()
  expect(bridge.asked[0]?.signal.aborted).toBe(true)
  expect([bridge.ipc.channels(), bridge.ipc.eventNames()]).toEqual([[], []])
  resolve()
  await answer
})
