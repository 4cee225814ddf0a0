/** Runs a program in our place: same terminal, each signal once, and its end is our end. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, dirname } from 'node:path'

const passedOn = process.platform === 'win32' ? ['SIGINT', 'SIGTERM', 'SIGBREAK'] : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']
/** A terminal sends these to everybody in its foreground, so the child has them already. */
const sentByTerminal = new Set(['SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGBREAK'])
/** npm and `timeout` repeat a signal that the whole group got: what comes this close together is one. */
const sameSignalWithin = 200

/**
 * Keeps us alive until the child has ended, and passes on what only we have got.
 * @param {() => import('node:child_process').ChildProcess | undefined} child
 * @returns {() => void} stops it
 */
export function passSignals(child) {
  const last = new Map()
  const handlers = passedOn.map((name) => {
    const handler = () => {
      const now = performance.now()
      const repeated = now - (last.get(name) ?? -Infinity) < sameSignalWithin
      last.set(name, now)
      if (repeated || (sentByTerminal.has(name) && inForeground())) return
      child()?.kill(name)
    }
    process.on(name, handler)
    return () => process.off(name, handler)
  })
  return () => handlers.forEach((off) => off())
}

/** Whether Ctrl-C at a terminal reaches this process and its children by itself. */
export function inForeground() {
  if (process.platform === 'linux') {
    try {
      // proc(5): after the name in brackets come state, ppid, pgrp, session, tty_nr, tpgid.
      const stat = readFileSync('/proc/self/stat', 'utf8')
      const [, , group, , terminal, foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return terminal !== '0' && group === foreground
    } catch {
      return process.stdin.isTTY === true
    }
  }
  return process.stdin.isTTY === true || process.stdout.isTTY === true
}

/**
 * Runs `node file …args` and ends this process as it ended. Does not return.
 * @param {string} node
 * @param {readonly string[]} args
 */
export async function launch(node, args) {
  const env = { ...process.env }
  const pathName = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  env[pathName] = [dirname(node), env[pathName]].filter((part) => part !== undefined && part !== '').join(delimiter)
  env.npm_node_execpath = node
  const child = spawn(node, args, { stdio: 'inherit', env })
  const stop = passSignals(() => child)
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (...end) => resolve(end))
  })
  stop()
  if (signal !== null) {
    process.kill(process.pid, signal)
    // The signal ends us; should it be one that does not, the shell's way of saying so follows.
    setTimeout(() => process.exit(128), 1_000)
    return
  }
  process.exit(code)
}
