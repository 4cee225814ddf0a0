/**
 * Lease: at most one Firn writes to a migration. A row with an end, renewed while its owner lives. The row of a process on this machine
 * that no longer runs is taken over at once (a killed process is a normal start); one of another machine only after its end.
 */
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { Fault } from '../../shared/faults/fault.ts'
import type { Clock } from '../../shared/ports/world.ts'
import type { JournalDatabase } from './database.ts'
import { numberOf, textOf } from './rows.ts'

const lifetime = 60_000
const renewAfter = 15_000

export type Lease = { renew(): void; release(): void }

/** @throws Fault journal-held, with the holder's host and process and when its claim ends. */
export function takeLease(database: JournalDatabase, owner: string, clock: Clock): Lease {
  const host = hostname()
  let renewedAt = clock.now()
  database.quietTransaction(() => {
    const holder = leaseHolder(database, clock)
    if (holder !== undefined) throw new Fault('journal-held', holder)
    database.run(
      'INSERT OR REPLACE INTO lease (one, owner, host, pid, started, expires_at) VALUES (1, ?, ?, ?, ?, ?)',
      owner,
      host,
      process.pid,
      startOf(process.pid) ?? 'unknown',
      clock.now() + lifetime,
    )
  })

  const renew = (): void => {
    const now = clock.now()
    const row = database.get('SELECT owner FROM lease')
    if (row === undefined || textOf(row, 'owner') !== owner) throw new Fault('journal-lost-lease')
    if (now - renewedAt < renewAfter) return
    const { changes } = database.run('UPDATE lease SET expires_at = ? WHERE owner = ?', now + lifetime, owner)
    if (changes === 0) throw new Fault('journal-lost-lease')
    renewedAt = now
  }
  database.beforeWrite = renew
  return {
    renew: () => database.quietTransaction(renew),
    release() {
      database.beforeWrite = () => undefined
      database.quietTransaction(() => database.run('DELETE FROM lease WHERE owner = ?', owner))
    },
  }
}

/** Who has a claim that still holds. */
export function leaseHolder(
  database: JournalDatabase,
  clock: Clock,
): { readonly host: string; readonly pid: number; readonly endsInSeconds: number } | undefined {
  const row = database.get('SELECT owner, host, pid, started, expires_at FROM lease')
  if (row === undefined) return undefined
  const there = { host: textOf(row, 'host'), pid: numberOf(row, 'pid'), started: textOf(row, 'started') }
  const left = numberOf(row, 'expires_at') - clock.now()
  const gone = there.host === hostname() && startOf(there.pid) !== there.started
  return left > 0 && !gone ? { host: there.host, pid: there.pid, endsInSeconds: Math.ceil(left / 1000) } : undefined
}

/** Something that tells a process from a later one with the same number; `undefined` when no such process runs. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // proc(5): field 3 is the state (Z: killed, not yet collected), field 22 the start time; the name before may hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    if (process.platform === 'linux') return undefined
  }
  try {
    process.kill(pid, 0)
    return 'running'
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? 'running' : undefined
  }
}
