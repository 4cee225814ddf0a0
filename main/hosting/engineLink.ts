/** The way to the engine's process: calls and their answers, what it tells by itself, and what becomes of both when it ends. */
import { snapshot as snapshotShape, type Snapshot } from '../../shared/contract/snapshot.ts'
import { fromEngine, type FromEngine, type Notice, type ToEngine, type WireKeys } from '../../shared/contract/engineWire.ts'
import type { EngineState } from '../../shared/contract/hostState.ts'
import { faultFromWire, type Reply } from '../../shared/contract/wire.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { World } from '../../shared/ports/world.ts'
import type { StartChild } from './childProcess.ts'
import { supervise } from './supervise.ts'

/** A call that comes while the engine is being started again waits so long. */
const waitForEngine = 15_000
/** A person who restarts it does so because it does not answer. */
const restartLimit = 15_000
/** Several screens of 64 open calls each. */
const mostInFlight = 1000

export type CallOfEngine = {
  readonly name: string
  readonly input: unknown
  readonly paths: Readonly<Record<string, string>>
  readonly keys: Readonly<Record<string, WireKeys>>
}

export type EngineLink = {
  state(): EngineState
  /** @throws Fault: the engine's own; engine-gone when it ends first or is not there; stopped when `signal` was aborted. */
  call(call: CallOfEngine, signal: AbortSignal): Promise<unknown>
  snapshot(): Snapshot | undefined
  /** Which migration is open, and its folder. */
  opened(): { readonly open: string | null; readonly folder: string | null }
  attachPort(port: unknown): void
  aloneChanged(): void
  start(): void
  stop(): Promise<void>
  /** By a person: forgets how often it ended. After it gave up nothing is opened: what is open may be what ends it. */
  restart(): Promise<void>
}

export type EngineEvents = {
  state(state: EngineState): void
  snapshot(snapshot: Snapshot): void
  notice(notice: Notice): void
}

export function openEngineLink(options: {
  readonly home: string
  readonly startChild: StartChild
  readonly world: World
  /** Kept keys of a name. */
  keys(name: string): Promise<WireKeys | undefined>
  /** What the engine does when this process is gone without a word. */
  whenAlone(): 'stop' | 'go-on'
  readonly on: EngineEvents
}): EngineLink {
  const { clock, log } = options.world
  const inFlight = new Map<number, (reply: Reply) => void>()
  const waiting = new Set<() => void>()
  let last: Snapshot | undefined
  let opened: { readonly open: string | null; readonly folder: string | null } = { open: null, folder: null }
  let lastId = 0

  const goneFault = (): Fault => {
    const how = child.state().lastEnd?.how
    return new Fault('engine-gone', { state: child.state().state, ...(how === undefined ? {} : { how }) })
  }
  const endAll = (): void => {
    const { code, retry, facts } = goneFault()
    for (const answer of inFlight.values()) answer({ ok: false, fault: { code, retry, facts } })
    inFlight.clear()
  }
  const hear = (message: FromEngine): void => {
    switch (message.kind) {
      case 'ready':
        return
      case 'reply': {
        const answer = inFlight.get(message.id)
        inFlight.delete(message.id)
        return answer?.(message.reply)
      }
      case 'snapshot': {
        const parsed = snapshotShape.safeParse(message.snapshot)
        if (!parsed.success) return log.error('host', 'message-refused', { from: 'engine', kind: 'snapshot' })
        last = parsed.data
        return options.on.snapshot(parsed.data)
      }
      case 'notice':
        return options.on.notice(message.notice)
      case 'opened':
        opened = { open: message.open, folder: message.folder }
        if (message.fault !== undefined && message.fault !== null)
          options.on.notice({ kind: 'failure', at: clock.now(), facts: { code: message.fault.code } })
        return
      case 'keys-wanted':
        return void answerKeys(message.ask, message.name)
    }
  }
  const answerKeys = async (ask: number, name: string): Promise<void> => {
    const keys = await options.keys(name).catch(() => undefined)
    toChild({ kind: 'keys', ask, keys: keys ?? null })
  }

  /** Also while it is starting: it may need keys before it is ready. */
  let toChild = (_message: ToEngine): void => undefined
  const child = supervise({
    clock,
    start: () => options.startChild('engine'),
    greet(post) {
      toChild = (message) => post(message)
      const begin: ToEngine = { kind: 'begin', home: options.home, open: opened.open, whenAlone: options.whenAlone() }
      post(begin)
    },
    farewell: (post) => post({ kind: 'end' } satisfies ToEngine),
    hear(message) {
      const parsed = fromEngine.safeParse(message)
      if (!parsed.success) {
        log.error('host', 'message-refused', { from: 'engine' })
        return false
      }
      hear(parsed.data)
      return parsed.data.kind === 'ready'
    },
    ended(how, state) {
      log.error('host', 'engine-gone', { how, state })
      endAll()
      options.on.notice({ kind: 'failure', at: clock.now(), facts: { code: 'engine-gone', how, state } })
    },
    changed(state) {
      if (state.state === 'stopped') endAll()
      options.on.state(state)
      for (const look of waiting) look()
    },
  })

  /** Resolves when the engine runs. @throws Fault engine-gone when it will not, or takes too long. */
  const running = async (signal: AbortSignal): Promise<void> => {
    const { state } = child.state()
    if (state === 'running') return
    if (state === 'stopped' || state === 'gave-up') throw goneFault()
    const over = new AbortController()
    let look = (): void => undefined
    const changed = new Promise<void>((resolve, reject) => {
      look = () => {
        const { state } = child.state()
        if (state === 'running') resolve()
        else if (state === 'stopped' || state === 'gave-up') reject(goneFault())
      }
    })
    waiting.add(look)
    try {
      const late = clock.sleep(waitForEngine, AbortSignal.any([signal, over.signal])).then(() => {
        throw goneFault()
      })
      await Promise.race([changed, late])
    } catch (error) {
      throw signal.aborted ? new Fault('stopped') : error
    } finally {
      waiting.delete(look)
      over.abort()
    }
  }

  return {
    state: child.state,
    snapshot: () => last,
    opened: () => opened,
    aloneChanged: () => child.post({ kind: 'when-alone', whenAlone: options.whenAlone() } satisfies ToEngine),
    attachPort: (port) => child.post({ kind: 'port' } satisfies ToEngine, [port]),
    async call({ name, input, paths, keys }, signal) {
      await running(signal)
      if (signal.aborted) throw new Fault('stopped')
      if (inFlight.size >= mostInFlight) throw new Fault('too-many-calls')
      lastId += 1
      const id = lastId
      const cancel = (): void => {
        const answer = inFlight.get(id)
        inFlight.delete(id)
        child.post({ kind: 'cancel', id } satisfies ToEngine)
        const { code, retry, facts } = new Fault('stopped')
        answer?.({ ok: false, fault: { code, retry, facts } })
      }
      const reply = await new Promise<Reply>((answer) => {
        inFlight.set(id, answer)
        signal.addEventListener('abort', cancel, { once: true })
        child.post({ kind: 'call', id, name, input, paths: { ...paths }, keys: { ...keys } } satisfies ToEngine)
      })
      signal.removeEventListener('abort', cancel)
      if (!reply.ok) throw faultFromWire(reply.fault)
      return reply.value
    },
    start: child.start,
    stop: () => child.stop(),
    async restart() {
      if (child.state().state === 'gave-up') opened = { open: null, folder: null }
      await child.stop(restartLimit)
      child.start()
    },
  }
}
