/** Engine and wallboard as utility processes of Electron: each in a crash domain of its own, with an environment that cannot change what it runs. */
import { fileURLToPath } from 'node:url'
import type { App, ForkOptions, MessagePortMain, UtilityProcess } from 'electron'
import type { Log } from '../../shared/ports/world.ts'
import type { ChildName, ChildProcess, StartChild } from '../hosting/childProcess.ts'
import { environmentFor } from '../hosting/forkChild.ts'

export type UtilityParts = {
  readonly fork: (file: string, args: string[], options: ForkOptions) => UtilityProcess
  readonly app: Pick<App, 'on' | 'removeListener'>
  readonly files: Readonly<Record<ChildName, URL>>
  readonly environment: NodeJS.ProcessEnv
  readonly log: Log
  /** Without asking. Electron's own kill() asks politely. */
  readonly killNow: (pid: number) => void
}

export function utilityChildren(parts: UtilityParts): StartChild {
  let started = 0
  return (name) => {
    started += 1
    // A name of its own for each, so that the end of the one before is never taken for the end of this one.
    return startOne(parts, name, `Firn ${name} ${started}`)
  }
}

function startOne({ fork, app, files, environment, log, killNow }: UtilityParts, name: ChildName, serviceName: string): ChildProcess {
  const env = Object.fromEntries(Object.entries(environmentFor(name, environment)).filter(([variable]) => !changesCode(variable)))
  let child: UtilityProcess | undefined
  let over: string | undefined
  const watching: ((how: string) => void)[] = []
  const onGone = (_event: unknown, details: { readonly name?: string; readonly reason: string; readonly exitCode: number }): void => {
    if (details.name === serviceName) end(`${details.reason}, exit ${details.exitCode}`)
  }
  const end = (how: string): void => {
    if (over !== undefined) return
    over = how
    app.removeListener('child-process-gone', onGone)
    for (const tell of watching) tell(how)
  }
  app.on('child-process-gone', onGone)
  try {
    child = fork(fileURLToPath(files[name]), [], { env, execArgv: [], serviceName, stdio: 'pipe' })
    child.on('exit', (code) => end(`exit ${code}`))
    // V8 gave up; the exit follows. Its report holds paths and is not kept.
    child.on('error', (type) => log.error(name, 'child-fatal', { type }))
    countOutput(child, name, log)
  } catch {
    end('not started')
  }
  return {
    get pid() {
      return over === undefined ? child?.pid : undefined
    },
    post(message, ports = []) {
      if (over === undefined) child?.postMessage(message, ports as MessagePortMain[])
    },
    onMessage(tell) {
      child?.on('message', tell)
    },
    onExit(tell) {
      if (over === undefined) watching.push(tell)
      else tell(over)
    },
    kill() {
      const pid = over === undefined ? child?.pid : undefined
      if (pid !== undefined) killNow(pid)
      else child?.kill()
    },
  }
}

/** Variables that would run something else in the child, or let others look into it. */
function changesCode(variable: string): boolean {
  return /^(ELECTRON_|VSCODE_|NODE_|DYLD_INSERT_LIBRARIES$|LD_PRELOAD$|LD_AUDIT$)/i.test(variable)
}

/** What a child writes is read, or it would block, and not kept: it may name paths. That it wrote is told once. */
function countOutput(child: UtilityProcess, name: ChildName, log: Log): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.once('data', () => log.warn(name, 'child-wrote', { stream }))
    child[stream]?.resume()
  }
}
