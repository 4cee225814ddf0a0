/** The engine's real process, forked and spoken to over its wire as a host does. */
import { fork, type ChildProcess } from 'node:child_process'
import { resolve } from 'node:path'
import type { Answer, EngineCallName, Input } from '../../shared/contract/bridge.ts'
import { engineCalls } from '../../shared/contract/bridge.ts'
import { fromEngine, type ToEngine, type WireKeys } from '../../shared/contract/engineWire.ts'
import { snapshot as snapshotSchema, type Snapshot, type WorkState } from '../../shared/contract/snapshot.ts'
import type { FaultOnWire, Reply } from '../../shared/contract/wire.ts'
import type { z } from 'zod'

/** Nothing that a test waits for takes longer: beyond it, what it hangs on is said. */
const mostWait = 120_000

const fromSource = resolve(import.meta.dirname, '../../main/engine/entry.ts')

type Told = z.output<typeof fromEngine>
type Sent = { readonly paths?: Readonly<Record<string, string>>; readonly keys?: Readonly<Record<string, WireKeys>> }

export type EngineProcess = {
  readonly child: ChildProcess
  /** How the process ended: its exit code, or the signal. */
  readonly ended: Promise<number | NodeJS.Signals | null>
  post(message: unknown): void
  /** The answer, checked against the contract. @throws Refused. */
  ask<Name extends EngineCallName>(name: Name, input: Input<Name>, sent?: Sent): Promise<Answer<Name>>
  /** Whatever name and input, and the reply as it came. */
  reply(name: string, input: unknown, sent?: Sent): Promise<Reply>
  /** The code of the fault that the call is refused with. */
  refused(name: string, input: unknown, sent?: Sent): Promise<string>
  /** The first message from now on that is of this kind and for which `which` holds. */
  next<Kind extends Told['kind']>(
    kind: Kind,
    which?: (message: Extract<Told, { kind: Kind }>) => boolean,
  ): Promise<Extract<Told, { kind: Kind }>>
  /** The first snapshot, from the last one on, for which `which` holds. */
  until(which: (snapshot: Snapshot) => boolean): Promise<Snapshot>
  /** Starts a work and waits until it is over. */
  work(toStart: Input<'works.start'>): Promise<WorkState>
  /** Waits until every work of this kind is over. */
  over(kind: WorkState['kind']): Promise<WorkState>
  end(): Promise<number | NodeJS.Signals | null>
}

export class Refused extends Error {
  readonly fault: FaultOnWire
  constructor(name: string, fault: FaultOnWire) {
    super(`${name}: ${fault.code} ${JSON.stringify(fault.facts)}`)
    this.fault = fault
  }
}

/** A token as a host gives one, for a path that a test names. */
export function tokenFor(path: string): { readonly token: string; readonly paths: Readonly<Record<string, string>> } {
  const token = `path-${Buffer.from(path).toString('hex').padEnd(32, '0').slice(-32)}`
  return { token, paths: { [token]: path } }
}

/** `entry`: the engine as it was built, in place of its source. */
export function startEngine(environment: NodeJS.ProcessEnv = {}, entry = fromSource): EngineProcess {
  const child = fork(entry, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...environment },
    serialization: 'advanced',
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const listeners = new Set<(message: Told) => void>()
  const failures = new Set<(error: Error) => void>()
  let last: Snapshot | undefined
  let lastId = 0
  child.on('message', (raw) => {
    const message = fromEngine.parse(raw)
    if (message.kind === 'snapshot') last = snapshotSchema.parse(message.snapshot)
    for (const listener of listeners) listener(message)
  })
  const ended = new Promise<number | NodeJS.Signals | null>((done) => {
    child.once('exit', (code, signal) => {
      for (const fail of failures) fail(new Error(`the engine ended with ${code ?? signal}\n${printed}`))
      done(code ?? signal)
    })
  })
  const engine: EngineProcess = {
    child,
    ended,
    post: (message) => void child.send(message as ToEngine),
    next: (kind, which = () => true) =>
      new Promise((done, fail) => {
        const forget = (): void => {
          clearTimeout(late)
          listeners.delete(listener)
          failures.delete(fail)
        }
        const listener = (message: Told): void => {
          if (message.kind !== kind || !which(message as never)) return
          forget()
          done(message as never)
        }
        const late = setTimeout(() => {
          forget()
          fail(new Error(`nothing of the kind ${kind} came; the last snapshot: ${JSON.stringify(last)}\n${printed}`))
        }, mostWait)
        listeners.add(listener)
        failures.add(fail)
      }),
    async reply(name, input, { paths = {}, keys = {} } = {}) {
      lastId += 1
      const id = lastId
      const answered = engine.next('reply', (message) => message.id === id)
      engine.post({ kind: 'call', id, name, input, paths, keys })
      return (await answered).reply
    },
    async ask(name, input, sent) {
      const reply = await engine.reply(name, input, sent)
      if (!reply.ok) throw new Refused(name, reply.fault)
      return engineCalls[name].answer.parse(reply.value) as never
    },
    async refused(name, input, sent) {
      const reply = await engine.reply(name, input, sent)
      return reply.ok ? `answered: ${JSON.stringify(reply.value).slice(0, 200)}` : reply.fault.code
    },
    async until(which) {
      if (last !== undefined && which(last)) return last
      const { snapshot } = await engine.next('snapshot', (message) => which(snapshotSchema.parse(message.snapshot)))
      return snapshotSchema.parse(snapshot)
    },
    async work(toStart) {
      const { workId } = await engine.ask('works.start', toStart)
      return foundIn(await engine.until((snapshot) => isOver(workOf(snapshot, ({ id }) => id === workId))), ({ id }) => id === workId)
    },
    over: async (kind) =>
      foundIn(await engine.until((snapshot) => isOver(workOf(snapshot, (work) => work.kind === kind))), (work) => work.kind === kind),
    async end() {
      engine.post({ kind: 'end' })
      return ended
    },
  }
  return engine
}

/** A process that has begun, with nothing open, or with `open` opened. */
export async function begunEngine(
  home: string,
  open: string | null = null,
  environment: NodeJS.ProcessEnv = {},
  entry = fromSource,
): Promise<EngineProcess> {
  const engine = startEngine(environment, entry)
  const ready = engine.next('ready')
  const opened = open === null ? undefined : engine.next('opened')
  engine.post({ kind: 'begin', home, open })
  await ready
  await opened
  return engine
}

function workOf(snapshot: Snapshot, which: (work: WorkState) => boolean): WorkState | undefined {
  return snapshot.migration?.works.findLast(which)
}

function isOver(work: WorkState | undefined): boolean {
  return work !== undefined && ['done', 'failed', 'cancelled'].includes(work.state)
}

function foundIn(snapshot: Snapshot, which: (work: WorkState) => boolean): WorkState {
  const work = workOf(snapshot, which)
  if (work === undefined) throw new Error('the work is not on the list')
  return work
}
