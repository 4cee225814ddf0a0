/** One install at a time: a lock file with the holder's process id, which it touches as long as it works. */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Trouble } from './trouble.mjs'

const touchEvery = 5_000
/** A holder on another host (a folder on a share) is known only by how lately it touched the file. */
const staleAfter = 60_000

/**
 * Runs `work` while holding the lock at `path`. Waits for another holder and takes over from one that has died.
 * `work` gets a function that names the process which works for it: should we die, the lock holds until that one has ended, too.
 * @template T
 * @param {string} path
 * @param {(text: string) => void} say
 * @param {(worker: (pid: number | undefined) => void) => Promise<T>} work
 * @param {{ waitAtMost?: number, pollEvery?: number }} [limits] milliseconds
 * @returns {Promise<T>}
 */
export async function holdingLock(path, say, work, limits = {}) {
  const { waitAtMost = 15 * 60_000, pollEvery = 200 } = limits
  mkdirSync(dirname(path), { recursive: true })
  const me = { pid: process.pid, host: hostname(), since: new Date().toISOString() }
  let mine = JSON.stringify(me)
  const deadline = Date.now() + waitAtMost
  let told = false
  while (!takeFile(path, mine)) {
    if (isStale(path)) {
      breakStale(path)
      continue
    }
    if (!told) say(`Waiting for another install to finish (${holderOf(path)}) …`)
    told = true
    if (Date.now() > deadline) {
      throw new Trouble(`another install has not finished (${holderOf(path)}).`, `End it, or delete ${path} if it is no longer running.`)
    }
    await sleep(pollEvery)
  }
  const release = () => {
    if (read(path) === mine) rmSync(path, { force: true })
  }
  const nameWorker = (worker) => {
    if (read(path) !== mine) return
    mine = JSON.stringify({ ...me, worker })
    writeFileSync(path, mine)
  }
  const heartbeat = setInterval(() => touch(path), touchEvery)
  heartbeat.unref()
  process.once('exit', release)
  try {
    return await work(nameWorker)
  } finally {
    clearInterval(heartbeat)
    process.off('exit', release)
    release()
  }
}

/** Creates the file, or answers false when it is there already. */
function takeFile(path, text) {
  try {
    const file = openSync(path, 'wx')
    writeSync(file, text)
    closeSync(file)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function isStale(path) {
  try {
    const age = Date.now() - statSync(path).mtimeMs
    const holder = parse(read(path))
    // An empty file belongs to somebody between creating and writing it, or to one who died there.
    if (holder === undefined) return age > touchEvery
    if (holder.host === hostname()) return !isAlive(holder.pid) && (holder.worker === undefined || !isAlive(holder.worker))
    return age > staleAfter
  } catch {
    return false
  }
}

/** Two processes may find the same lock stale: only one at a time may look again and remove it. */
function breakStale(path) {
  const breaking = `${path}.breaking`
  if (!takeFile(breaking, String(process.pid))) {
    if (!isAlive(Number(read(breaking)))) rmSync(breaking, { force: true })
    return
  }
  try {
    if (isStale(path)) rmSync(path, { force: true })
  } finally {
    rmSync(breaking, { force: true })
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function holderOf(path) {
  const holder = parse(read(path))
  return holder === undefined ? 'process unknown' : `process ${holder.pid} on ${holder.host}, since ${holder.since}`
}

function parse(text) {
  try {
    const holder = JSON.parse(text)
    return Number.isInteger(holder.pid) ? holder : undefined
  } catch {
    return undefined
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function touch(path) {
  try {
    const now = new Date()
    utimesSync(path, now, now)
  } catch {
    // The file is gone: whoever took it finds the install it wanted, or installs again.
  }
}
