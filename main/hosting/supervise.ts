/** Keeps one child process alive: starts it, restarts it when it ends by itself, gives up when that has no sense, and stops it cleanly when told to. */
import type { EngineState } from '../../shared/contract/hostState.ts'
import type { Clock } from '../../shared/ports/world.ts'
import type { ChildProcess } from './childProcess.ts'
import { afterEnd, noEnds } from './restartPolicy.ts'

/** What started and never became ready ends here. */
const startLimit = 60_000
/** What was asked to end and did not. A part in flight may take its time; after that the journal has the truth anyway. */
const endLimit = 60_000

export type ChildToSupervise = {
  readonly clock: Clock
  start(): ChildProcess
  /** It runs: the first messages to it. Whatever this throws ends it. */
  greet(post: ChildProcess['post']): void | Promise<void>
  /** Asks it to end cleanly. */
  farewell(post: ChildProcess['post']): void
  /** Gives true when the message says that it is ready. */
  hear(message: unknown): boolean
  /** It ended without having been asked to. `state`: what comes next. */
  ended(how: string, state: 'restarting' | 'gave-up'): void
  changed(state: EngineState): void
}

export type Supervised = {
  state(): EngineState
  /** Dropped unless it is running. */
  post: ChildProcess['post']
  /** Starts it unless it is there or about to be. Forgets earlier ends. */
  start(): void
  /** Asks it to end and, when it does not within the limit, ends it. */
  stop(within?: number): Promise<void>
}

export function supervise(child: ChildToSupervise): Supervised {
  const { clock } = child
  let state: EngineState = { state: 'stopped', since: clock.now(), restarts: 0, lastEnd: null }
  let process: ChildProcess | undefined
  let ends = noEnds
  let stopping: Promise<void> | undefined
  let askedToEnd = false
  let pause = new AbortController()

  const change = (next: EngineState['state'], more: Partial<EngineState> = {}): void => {
    state = { ...state, ...more, state: next, since: next === state.state ? state.since : clock.now() }
    child.changed(state)
  }

  const launch = (first: boolean): void => {
    const startedAt = clock.monotonic()
    const over = new AbortController()
    change(first ? 'starting' : 'restarting')
    let mine: ChildProcess
    try {
      mine = child.start()
    } catch {
      return afterwards('not started', 0)
    }
    process = mine
    mine.onMessage((message) => {
      if (process !== mine) return
      if (child.hear(message) && state.state !== 'running') {
        over.abort()
        change('running')
      }
    })
    mine.onExit((how) => {
      over.abort()
      if (process !== mine) return
      process = undefined
      if (!askedToEnd) afterwards(how, clock.monotonic() - startedAt)
    })
    Promise.resolve()
      .then(() => child.greet((message, ports) => mine.post(message, ports)))
      .catch(() => mine.kill())
    clock.sleep(startLimit, over.signal).then(
      () => mine.kill(),
      () => undefined,
    )
  }

  const afterwards = (how: string, ranFor: number): void => {
    const now = clock.now()
    const next = afterEnd(ends, now, ranFor)
    ends = next.ends
    const lastEnd = { at: now, how }
    if (next.restartAfter === undefined) {
      change('gave-up', { lastEnd })
      child.ended(how, 'gave-up')
      return
    }
    change('restarting', { lastEnd, restarts: state.restarts + 1 })
    child.ended(how, 'restarting')
    pause = new AbortController()
    clock.sleep(next.restartAfter, pause.signal).then(
      () => launch(false),
      () => undefined,
    )
  }

  const end = async (within: number): Promise<void> => {
    askedToEnd = true
    pause.abort()
    const mine = process
    if (mine !== undefined) {
      const gone = new Promise<void>((resolve) => mine.onExit(() => resolve()))
      const over = new AbortController()
      child.farewell((message, ports) => mine.post(message, ports))
      const late = clock.sleep(within, over.signal).then(
        () => mine.kill(),
        () => undefined,
      )
      await gone
      over.abort()
      await late
    }
    askedToEnd = false
    change('stopped')
  }

  return {
    state: () => state,
    post(message, ports) {
      if (state.state === 'running') process?.post(message, ports)
    },
    start() {
      if (stopping !== undefined || process !== undefined || state.state === 'restarting') return
      ends = noEnds
      launch(true)
    },
    stop(within = endLimit) {
      stopping ??= end(within).finally(() => {
        stopping = undefined
      })
      return stopping
    },
  }
}
