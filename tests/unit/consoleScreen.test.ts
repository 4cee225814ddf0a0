/** What waits for a screen that does not read: never more than one message of each topic, and never more answers than it may have open calls. */
import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { openScreen } from '../../main/console/screenSocket.ts'
import { mostOpenCalls } from '../../shared/contract/wire.ts'
import { heldClock, settle } from '../kit/heldClock.ts'
import { testWorld } from '../kit/world.ts'

/** A stand-in for a socket whose other end reads only when the test says so. */
class StandInSocket extends EventEmitter {
  readonly OPEN = 1
  readyState = 1
  readonly sent: { readonly text: string; readonly written: () => void }[] = []
  terminated = false
  closedWith: number | undefined
  send(text: string, written: () => void): void {
    this.sent.push({ text, written })
  }
  ping(): void {
    this.emit('pong')
  }
  close(code: number): void {
    this.closedWith = code
  }
  terminate(): void {
    this.terminated = true
    this.readyState = 3
    this.emit('close')
  }
  /** As the kernel does when the other end has read. */
  read(): void {
    for (const { written } of this.sent.splice(0)) written()
  }
}

function aScreen() {
  const clock = heldClock()
  const socket = new StandInSocket()
  const asked: string[] = []
  const screen = openScreen(socket as unknown as WebSocket, {
    clock,
    log: testWorld().log,
    call(name) {
      asked.push(name)
      return Promise.resolve({ ok: true, value: 'an answer' })
    },
    active: () => undefined,
    closed: () => undefined,
  })
  return { clock, socket, asked, screen }
}

test('ten seconds of snapshots are at most forty-one messages', async () => {
  const { clock, socket, screen } = aScreen()
  let messages = 0
  for (let nth = 0; nth < 1000; nth += 1) {
    screen.tell('snapshot', nth)
    await clock.advance(10)
    messages += socket.sent.length
    socket.read()
  }
  expect(messages).toBeGreaterThan(30)
  expect(messages).toBeLessThanOrEqual(41)
})

test('a screen that does not read has one message on its way, and then gets the newest', async () => {
  const { clock, socket, screen } = aScreen()
  for (let nth = 0; nth < 10_000; nth += 1) screen.tell('snapshot', nth)
  await clock.advance(250)
  for (let nth = 10_000; nth < 20_000; nth += 1) screen.tell('snapshot', nth)
  await clock.advance(60_000)
  expect(socket.sent).toHaveLength(1)
  socket.read()
  await clock.advance(250)
  expect(socket.sent.map(({ text }) => (JSON.parse(text) as { value: number }).value)).toEqual([19_999])
})

test('answers that were not read count as open calls; a screen that asks on without reading is cut off', async () => {
  const { socket, asked } = aScreen()
  const ask = (id: number) =>
    socket.emit('message', Buffer.from(JSON.stringify({ kind: 'call', id, name: 'limits.read', input: {} })), false)
  for (let id = 0; id < mostOpenCalls; id += 1) ask(id)
  await settle()
  expect(asked).toHaveLength(mostOpenCalls)
  for (let id = 100; id < 10_000; id += 1) ask(id)
  await settle()
  expect(asked).toHaveLength(mostOpenCalls)
  expect(socket.terminated).toBe(true)
  expect(socket.sent.length).toBeLessThan(500)
})
