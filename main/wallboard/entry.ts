/** The wallboard's process: takes figures from its host and shows them on the LAN. It holds no credentials, no journal and no paths of archives. */
import { setPriority } from 'node:os'
import { fromWallboard, toWallboard, type FromWallboard, type ToWallboard } from '../../shared/contract/wallboardWire.ts'
import { asFault } from '../../shared/faults/fault.ts'
import { systemClock, systemRandom } from '../engine/world.ts'
import { openBoard, type Board } from './board.ts'

/** Electron's utilityProcess has a port to its host where Node's fork has process.send. */
type ParentPort = { on(event: 'message', tell: (event: { readonly data: unknown }) => void): void; postMessage(message: unknown): void }
const parentPort = Reflect.get(process, 'parentPort') as ParentPort | undefined

/** Screens on walls wait for the copy, not the copy for them. */
const patient = 10

let board: Board | undefined
let opening = false

function tell(message: FromWallboard): void {
  const checked = fromWallboard.parse(message)
  if (parentPort === undefined) process.send?.(checked)
  else parentPort.postMessage(checked)
}

async function hear(input: unknown): Promise<void> {
  const parsed = toWallboard.safeParse(input)
  // What is not of the contract is not acted upon.
  if (!parsed.success) return
  const message: ToWallboard = parsed.data
  switch (message.kind) {
    case 'begin':
      return begin(message)
    case 'figures':
      return board?.figures(message.figures)
    case 'pairings':
      return board?.pairings(message.pairings)
    case 'code':
      return board?.code(message)
    case 'end':
      return end(0)
  }
}

async function begin({ address, port, page, tls, pairings }: Extract<ToWallboard, { kind: 'begin' }>): Promise<void> {
  if (opening) return
  opening = true
  try {
    board = await openBoard({
      address,
      port,
      page,
      tls,
      pairings,
      now: () => systemClock.now(),
      random: systemRandom,
      viewers: (viewers) => tell({ kind: 'viewers', viewers }),
      seen: (pairingId, at) => tell({ kind: 'seen', pairingId, at }),
      paired: (pairingId, token) => tell({ kind: 'paired', pairingId, token }),
    })
    tell({ kind: 'listening', port: board.port })
  } catch (error) {
    const { code, facts } = asFault(error)
    tell({ kind: 'failed', code, facts })
    await end(1)
  }
}

async function end(exitCode: number): Promise<void> {
  await board?.close()
  if (parentPort === undefined) process.disconnect?.()
  process.exit(exitCode)
}

try {
  setPriority(patient)
} catch {
  // Some systems do not allow it; then it runs like any other.
}
if (parentPort === undefined) {
  process.on('message', (message) => void hear(message))
  // Nobody would tell it anything any more.
  process.on('disconnect', () => process.exit(0))
} else {
  parentPort.on('message', ({ data }) => void hear(data))
}
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
process.on('SIGTERM', () => void end(0))
tell({ kind: 'ready' })
