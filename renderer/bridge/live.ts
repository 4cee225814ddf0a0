/** What the host tells by itself, for components: the last snapshot, the host's state, the connection; and a clock for ages. */
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { HostState } from '../../shared/contract/hostState.ts'
import type { MigrationSnapshot, Snapshot } from '../../shared/contract/snapshot.ts'
import { listen, watchConnection } from './bridge.ts'
import type { Connection } from './transport.ts'

type Store<Value> = { readonly read: () => Value; readonly watch: (tell: () => void) => () => void }

function store<Value>(first: Value, feed: (set: (value: Value) => void) => unknown): Store<Value> {
  let value = first
  const watching = new Set<() => void>()
  feed((next) => {
    value = next
    for (const tell of watching) tell()
  })
  return {
    read: () => value,
    watch(tell) {
      watching.add(tell)
      return () => void watching.delete(tell)
    },
  }
}

/** heardAt: by this machine's clock. */
export type Heard<Value> = { readonly value: Value; readonly heardAt: number }

const snapshots = store<Heard<Snapshot> | undefined>(undefined, (set) => listen('snapshot', (value) => set({ value, heardAt: Date.now() })))
const hosts = store<HostState | undefined>(undefined, (set) => listen('host', set))
const connections = store<Connection>({ state: 'connecting', since: Date.now() }, (set) => watchConnection(set))

export function useSnapshot(): Heard<Snapshot> | undefined {
  return useSyncExternalStore(snapshots.watch, snapshots.read)
}

/** Of the open migration; `undefined` while none is open or nothing was heard yet. */
export function useMigration(): MigrationSnapshot | undefined {
  return useSnapshot()?.value.migration ?? undefined
}

/** One primitive of the open migration: what draws by it is not drawn again until it changes, although snapshots come four times a second. */
export function useFromMigration<Value extends string | number | boolean | undefined>(
  pick: (migration: MigrationSnapshot | undefined) => Value,
): Value {
  return useSyncExternalStore(snapshots.watch, () => pick(snapshots.read()?.value.migration ?? undefined))
}

/** When the last snapshot was heard; for those who look by themselves. */
export function lastHeardAt(): number | undefined {
  return snapshots.read()?.heardAt
}

export function useHost(): HostState | undefined {
  return useSyncExternalStore(hosts.watch, hosts.read)
}

export function useConnection(): Connection {
  return useSyncExternalStore(connections.watch, connections.read)
}

/** Now, renewed every `everyMs`: for "4 s ago". */
export function useNow(everyMs = 1000): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
