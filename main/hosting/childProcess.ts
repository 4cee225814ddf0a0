/** What a host can start and supervise: the engine, and the wallboard. The same shape over child_process.fork (console) and utilityProcess (desktop). */

export type ChildName = 'engine' | 'wallboard'

export interface ChildProcess {
  /** `undefined` before it runs and after it ended. */
  readonly pid: number | undefined
  /** What cannot be delivered any more is dropped: `onExit` tells. `ports` are handed over where the host has such things (desktop). */
  post(message: unknown, ports?: readonly unknown[]): void
  onMessage(tell: (message: unknown) => void): void
  /** Called once, also for a process that could not be started. `how`: an exit code or a signal, for people: `exit 1`, `SIGKILL`. No paths. */
  onExit(tell: (how: string) => void): void
  /** At once and without asking. */
  kill(): void
}

export type StartChild = (name: ChildName) => ChildProcess
