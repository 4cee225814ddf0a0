/** Engine and wallboard as utility processes, against a stand-in for Electron's: started, spoken to, ended, and each end heard once. */
import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { utilityChildren } from '../../main/app/utilityChild.ts'
import { UtilityStandIn } from '../kit/electronStandIn.ts'
import { testWorld } from '../kit/world.ts'

const environment = {
  PATH: '/usr/bin',
  HOME: '/home/it',
  AWS_PROFILE: 'hospital',
  AWS_SECRET_ACCESS_KEY: 'secret',
  HTTPS_PROXY: 'http://proxy:3128',
  NODE_OPTIONS: '--require /tmp/evil.js',
  NODE_EXTRA_CA_CERTS: '/tmp/evil.pem',
  NODE_PATH: '/tmp',
  ELECTRON_RUN_AS_NODE: '1',
  ELECTRON_NO_ASAR: '1',
  LD_PRELOAD: '/tmp/evil.so',
  DYLD_INSERT_LIBRARIES: '/tmp/evil.dylib',
}

function children(fork?: () => never) {
  const made: UtilityStandIn[] = []
  const killed: number[] = []
  const app = new EventEmitter()
  const world = testWorld()
  const start = utilityChildren({
    fork: (fork ??
      ((file: string, _args: string[], options: UtilityStandIn['options']) => {
        const child = new UtilityStandIn(file, options)
        made.push(child)
        return child
      })) as never,
    app: app as never,
    files: { engine: new URL('file:///app/engine/entry.js'), wallboard: new URL('file:///app/wallboard/entry.js') },
    environment,
    log: world.log,
    killNow: (pid) => killed.push(pid),
  })
  const begin = (name: 'engine' | 'wallboard') => {
    const process = start(name)
    const ends: string[] = []
    process.onExit((how) => ends.push(how))
    return { process, ends, child: made.at(-1) as UtilityStandIn }
  }
  return { begin, app, killed, lines: world.lines, gone: (details: object) => app.emit('child-process-gone', {}, details) }
}

describe('a utility process', () => {
  test('runs its entry under a name of its own, with its output piped', () => {
    const { begin } = children()
    const [first, second] = [begin('engine').child, begin('engine').child]
    expect([first.file, first.options.stdio, first.options.execArgv]).toEqual(['/app/engine/entry.js', 'pipe', []])
    expect([first.options.serviceName, second.options.serviceName]).toEqual(['Firn engine 1', 'Firn engine 2'])
  })
  test('inherits nothing that could change what it runs; the engine may use AWS and the proxy', () => {
    expect(Object.keys(children().begin('engine').child.options.env).sort()).toEqual([
      'AWS_PROFILE',
      'AWS_SECRET_ACCESS_KEY',
      'HOME',
      'HTTPS_PROXY',
      'PATH',
    ])
  })
  test('for the wallboard inherits no credential at all', () => {
    const { env } = children().begin('wallboard').child.options
    expect(Object.keys(env).filter((name) => /AWS|PROXY|KEY|NODE|ELECTRON/.test(name))).toEqual([])
  })
  test('is told things, with ports, and heard', () => {
    const { process, child } = children().begin('engine')
    const heard: unknown[] = []
    process.onMessage((message) => heard.push(message))
    process.post({ kind: 'end' })
    process.post({ kind: 'port' }, ['port'])
    child.emit('message', { kind: 'ready', pid: 1 })
    expect(child.posted).toEqual([
      { message: { kind: 'end' }, ports: [] },
      { message: { kind: 'port' }, ports: ['port'] },
    ])
    expect([heard, process.pid]).toEqual([[{ kind: 'ready', pid: 1 }], 4711])
  })
  test('that ends is heard once, whichever way Electron tells it, and told to whoever asks later', () => {
    const { begin, gone } = children()
    const { process, ends, child } = begin('engine')
    child.emit('exit', 139)
    gone({ name: 'Firn engine 1', reason: 'crashed', exitCode: 139 })
    const late: string[] = []
    process.onExit((how) => late.push(how))
    expect([ends, late, process.pid]).toEqual([['exit 139'], ['exit 139'], undefined])
  })
  test('that is gone without an exit is heard too, and the end of another is not taken for its own', () => {
    const { begin, gone } = children()
    const [first, second] = [begin('engine'), begin('engine')]
    gone({ name: 'Firn engine 1', reason: 'oom', exitCode: 9 })
    gone({ name: 'GPU', reason: 'crashed', exitCode: 5 })
    expect([first.ends, second.ends]).toEqual([['oom, exit 9'], []])
  })
  test('is no longer spoken to, nor listened for, after its end', () => {
    const { begin, app } = children()
    const { process, child } = begin('engine')
    child.emit('exit', 0)
    process.post({ kind: 'end' })
    expect([child.posted, app.listenerCount('child-process-gone')]).toEqual([[], 0])
  })
  test('that cannot be started ends at once', () => {
    const { begin, app } = children(() => {
      throw new Error('no memory')
    })
    expect([begin('engine').ends, app.listenerCount('child-process-gone')]).toEqual([['not started'], 0])
  })
  test('is ended without asking, by its number; before it has one, as Electron can', () => {
    const { begin, killed } = children()
    const { process, child } = begin('engine')
    child.pid = undefined
    process.kill()
    child.pid = 99
    process.kill()
    expect([child.killed, killed]).toEqual([1, [99]])
  })
  test('that writes or breaks is logged by code only: what it wrote may name a path', () => {
    const { begin, lines } = children()
    const { child } = begin('engine')
    child.stderr.emit('data', 'Error: cannot read /archive/DOE^JANE')
    child.stderr.emit('data', 'again')
    child.emit('error', 'FatalError', '/app/engine.js', 'report of /archive/DOE^JANE')
    expect(lines).toEqual([
      { level: 'warn', area: 'engine', code: 'child-wrote', facts: { stream: 'stderr' } },
      { level: 'error', area: 'engine', code: 'child-fatal', facts: { type: 'FatalError' } },
    ])
  })
})
