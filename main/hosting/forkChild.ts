/** Children of a host that is plain Node: child_process.fork, with an environment and channel of their own. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ChildName, ChildProcess, StartChild } from './childProcess.ts'

const entries: Readonly<Record<ChildName, string>> = {
  engine: fileURLToPath(new URL('../engine/entry.ts', import.meta.url)),
  wallboard: fileURLToPath(new URL('../wallboard/entry.ts', import.meta.url)),
}

/** Would change what a child runs, or let others look into it. */
const notInherited = [
  'NODE_OPTIONS',
  'NODE_DEBUG',
  'NODE_V8_COVERAGE',
  'NODE_EXTRA_CA_CERTS_DEBUG',
  'ELECTRON_RUN_AS_NODE',
  'NODE_CHANNEL_FD',
]
/** The page that the LAN looks at needs nothing of what the environment holds, AWS's credentials least of all. */
const kept: Readonly<Record<ChildName, ((name: string) => boolean) | undefined>> = {
  engine: undefined,
  wallboard: (name) => /^(PATH|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|HOME|SYSTEMROOT|WINDIR)$/i.test(name),
}
const tailKept = 16 * 1024

export function environmentFor(name: ChildName, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const keep = kept[name]
  return Object.fromEntries(
    Object.entries(environment).filter(([variable]) => !notInherited.includes(variable) && (keep === undefined || keep(variable))),
  )
}

/** `entry`: another program in place of the usual one, for tests. */
export function forkChild(
  environment: NodeJS.ProcessEnv = process.env,
  entry: Partial<Readonly<Record<ChildName, string>>> = {},
): StartChild {
  return (name) => forkOne(entry[name] ?? entries[name], environmentFor(name, environment))
}

function forkOne(file: string, env: NodeJS.ProcessEnv): ChildProcess {
  const child = fork(file, [], {
    env,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Ctrl-C goes to all that a terminal has started: the host alone decides what becomes of its children.
    detached: process.platform !== 'win32',
  })
  const watching: ((how: string) => void)[] = []
  let over: string | undefined
  let tail = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-tailKept)
  })
  const end = (how: string): void => {
    if (over !== undefined) return
    over = how
    for (const tell of watching) tell(how)
  }
  child.on('error', (error) => end('code' in error ? `not started, ${String(error.code)}` : 'not started'))
  child.on('exit', (code, signal) => end(signal ?? [`exit ${code ?? 0}`, ...errorName(tail)].join(', ')))
  return {
    get pid() {
      return over === undefined ? child.pid : undefined
    },
    post(message) {
      // The channel may be closed already, or close now: the exit says so.
      if (child.connected) child.send(message as object, () => undefined)
    },
    onMessage(tell) {
      child.on('message', tell)
    },
    onExit(tell) {
      if (over === undefined) watching.push(tell)
      else tell(over)
    },
    kill() {
      child.kill('SIGKILL')
    },
  }
}

/** Only the kind of error: its message may name a path. */
function errorName(tail: string): readonly string[] {
  const name = /^(?:Uncaught )?(\w*(?:Error|Exception|Fault))\b/m.exec(tail)?.[1]
  return name === undefined ? [] : [name]
}
