/** The engine's process: speaks shared/contract/engineWire.ts with its host, and ends cleanly when it is told to or its host is gone. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { FromEngine } from '../../shared/contract/engineWire.ts'
import { faultToWire } from '../../shared/contract/wire.ts'
import { asFault, Fault } from '../../shared/faults/fault.ts'
import type { Log } from '../../shared/ports/world.ts'
import type { AwsCredentials } from '../aws/clients.ts'
import { logFile } from './logFile.ts'
import { oneOpen, type OneOpen } from './opened.ts'
import { credentialsOf, openService, type Service } from './service.ts'
import { openTransport, type ReadMessage, type Transport, type WindowPort } from './transport.ts'
import { realWorld, systemClock } from './world.ts'

/** Of all screens together; a host bounds each screen for itself. */
const mostCalls = 512
const mostPorts = 16
const keysWithin = 30_000
/** Works end what is in flight first. Beyond this the journal has the last word, as after a power cut. */
const endWithin = 120_000
const aloneLooksEvery = 1000
/** sysexits.h: EX_SOFTWARE, EX_USAGE. */
const broken = 70
const noHost = 64

type Message<Kind extends ReadMessage['kind']> = Extract<ReadMessage, { kind: Kind }>
type Running = { readonly one: OneOpen; readonly service: Service; readonly begun: Promise<void> }

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
let log = silent
let running: Running | undefined
let ending = false
let whenAlone: Message<'begin'>['whenAlone'] = 'stop'
let asks = 0
const calls = new Map<number, AbortController>()
const ports = new Set<WindowPort>()
const asked = new Map<number, (keys: AwsCredentials | undefined) => void>()

for (const kind of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(kind, (error: unknown) => {
    log.error('engine', asFault(error).code, { broke: kind === 'uncaughtException' ? 'exception' : 'rejection' })
    // The journal is whole at any moment; the host starts the engine again with what was open.
    process.exit(broken)
  })
}

const transport: Transport | undefined = openTransport(() => log, read)
if (transport === undefined) process.exit(noHost)
transport.onGone(alone)
for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => void end())

function post(message: FromEngine): void {
  transport?.post(message)
}

function read(message: ReadMessage, given: readonly WindowPort[]): void {
  switch (message.kind) {
    case 'begin':
      begin(message)
      break
    case 'call':
      void answer(message)
      break
    case 'cancel':
      calls.get(message.id)?.abort(new Fault('stopped'))
      break
    case 'keys':
      asked.get(message.ask)?.(message.keys === null ? undefined : credentialsOf(message.keys))
      break
    case 'port':
      for (const port of given) attach(port)
      break
    case 'when-alone':
      ;({ whenAlone } = message)
      break
    case 'end':
      void end()
      break
  }
}

function begin(message: Message<'begin'>): void {
  if (running !== undefined || ending) return
  ;({ whenAlone } = message)
  mkdirSync(message.home, { recursive: true, mode: 0o700 })
  const world = realWorld(logFile(join(message.home, 'engine.log'), systemClock))
  log = world.log
  const one = oneOpen(message.home, world, process.env, {
    snapshot(snapshot) {
      post({ kind: 'snapshot', snapshot })
      for (const port of ports) port.postMessage({ kind: 'topic', topic: 'snapshot', value: snapshot })
    },
    notice: (notice) => post({ kind: 'notice', notice }),
    opened: (open) => post({ kind: 'opened', open: open?.id ?? null, folder: open?.folder ?? null }),
    wantedKeys,
  })
  running = { one, service: openService(one), begun: reopen(one, message.open) }
  log.info('engine', 'begun')
  post({ kind: 'ready', pid: process.pid })
}

/** What was open before is gone on with. Where that cannot be, the host hears why and a person decides. */
async function reopen(one: OneOpen, id: string | null): Promise<void> {
  if (id === null) return
  try {
    const known = one.registry.find(id)
    if (known === undefined) throw new Fault('not-a-migration')
    await one.open(known.folder)
  } catch (error) {
    log.error('engine', asFault(error).code)
    post({ kind: 'opened', open: null, folder: null, fault: faultToWire(error) })
  }
}

async function answer({ id, name, input, paths, keys }: Message<'call'>): Promise<void> {
  const refuse = (fault: Fault): void => post({ kind: 'reply', id, reply: { ok: false, fault: faultToWire(fault) } })
  if (running === undefined || ending) return refuse(new Fault('engine-gone'))
  if (calls.size >= mostCalls || calls.has(id)) return refuse(new Fault('too-many-calls'))
  const controller = new AbortController()
  calls.set(id, controller)
  try {
    await running.begun
    const reply = await running.service.answer({ name, input, paths, keys }, controller.signal)
    post({ kind: 'reply', id, reply })
  } finally {
    calls.delete(id)
  }
}

async function wantedKeys(name: string): Promise<AwsCredentials | undefined> {
  asks += 1
  const ask = asks
  try {
    return await new Promise((done) => {
      const timer = setTimeout(() => done(undefined), keysWithin)
      asked.set(ask, (keys) => {
        clearTimeout(timer)
        done(keys)
      })
      post({ kind: 'keys-wanted', ask, name })
    })
  } finally {
    asked.delete(ask)
  }
}

function attach(port: WindowPort): void {
  if (ports.size >= mostPorts || running === undefined) {
    port.close()
    return
  }
  ports.add(port)
  port.on('close', () => ports.delete(port))
  port.start?.()
  port.postMessage({ kind: 'topic', topic: 'snapshot', value: running.one.latest() })
}

/** Nobody is there to tell anything to: what runs is ended first if that was wished, and then the engine. */
function alone(): void {
  log.warn('engine', 'host-gone', { whenAlone })
  if (whenAlone === 'stop') {
    void end()
    return
  }
  const looking = setInterval(() => {
    if (running?.one.busy() === true) return
    clearInterval(looking)
    void end()
  }, aloneLooksEvery)
}

/** Works are stopped cleanly and the journal is closed before the process ends. */
async function end(): Promise<void> {
  if (ending) return
  ending = true
  setTimeout(() => {
    log.error('engine', 'end-took-too-long')
    process.exit(broken)
  }, endWithin).unref()
  for (const controller of calls.values()) controller.abort(new Fault('stopped'))
  try {
    await running?.one.end()
    log.info('engine', 'ended')
  } catch (error) {
    log.error('engine', asFault(error).code)
    process.exit(broken)
  }
  for (const port of ports) port.close()
  transport?.close()
  process.exit(0)
}
