/** A stand-in for the engine's process, named as such: a test says what it hears and when it ends. */
import type { ChildProcess, StartChild } from '../../main/hosting/childProcess.ts'
import { toEngine, type FromEngine, type ToEngine } from '../../shared/contract/engineWire.ts'

export type StandInChild = ChildProcess & {
  /** All messages of the host, each of the contract. */
  readonly heard: ToEngine[]
  readonly killed: () => boolean
  say(message: FromEngine): void
  end(how: string): void
}
export type StandInChildren = {
  readonly start: StartChild
  /** In the order in which they were started. */
  readonly started: StandInChild[]
  last(): StandInChild
}

/** `answer`: what is said to a message, at once. The usual one is ready when it has begun, and ends when it is asked to. */
export function standInChildren(answer: (message: ToEngine, child: StandInChild) => void = usual): StandInChildren {
  const started: StandInChild[] = []
  return {
    started,
    start: () => {
      const child = standInChild(started.length + 100, answer)
      started.push(child)
      return child
    },
    last() {
      const child = started.at(-1)
      if (child === undefined) throw new Error('none was started')
      return child
    },
  }
}

export function usual(message: ToEngine, child: StandInChild): void {
  if (message.kind === 'begin') child.say({ kind: 'ready', pid: 1 })
  if (message.kind === 'end') child.end('exit 0')
}

function standInChild(pid: number, answer: (message: ToEngine, child: StandInChild) => void): StandInChild {
  const hearing: ((message: unknown) => void)[] = []
  const ending: ((how: string) => void)[] = []
  const heard: ToEngine[] = []
  let over: string | undefined
  let killed = false
  const child: StandInChild = {
    heard,
    killed: () => killed,
    get pid() {
      return over === undefined ? pid : undefined
    },
    post(message) {
      if (over !== undefined) return
      // As a channel does: nothing but data crosses, and later.
      const copy = structuredClone(message)
      toEngine.parse(copy)
      heard.push(copy as ToEngine)
      setImmediate(() => answer(copy as ToEngine, child))
    },
    onMessage: (tell) => void hearing.push(tell),
    onExit(tell) {
      if (over === undefined) ending.push(tell)
      else tell(over)
    },
    kill() {
      killed = true
      child.end('SIGKILL')
    },
    say(message) {
      if (over === undefined) for (const tell of hearing) tell(message)
    },
    end(how) {
      if (over !== undefined) return
      over = how
      for (const tell of ending) tell(how)
    },
  }
  return child
}
