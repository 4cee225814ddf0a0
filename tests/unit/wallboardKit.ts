/** Figures, a built page and a board on a free port, for tests of the wallboard. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WallboardFigures } from '../../shared/contract/wallboard.ts'
import type { Pairing } from '../../shared/contract/wallboardWire.ts'
import { sha256 } from '../../main/hosting/wallboardCodes.ts'
import { openBoard, type Board } from '../../main/wallboard/board.ts'
import { testWorld, type TestWorld } from '../kit/world.ts'

export const figures: WallboardFigures = {
  format: 'firn-wallboard',
  version: 1,
  at: Date.UTC(2026, 10, 24, 12),
  state: 'running',
  since: null,
  rehearsal: false,
  title: 'Radiology archive',
  inventory: { items: 1_352_000, bytes: 676e12 },
  verified: { items: 824_000, bytes: 412e12 },
  wrong: 0,
  waitingForPerson: 214,
  eta: { low: 9 * 86_400_000, high: 11 * 86_400_000 },
  lanes: [
    {
      route: 'device',
      planned: { items: 900_000, bytes: 450e12 },
      sent: { items: 700_000, bytes: 350e12 },
      verified: { items: 600_000, bytes: 300e12 },
      bytesPerSecond: null,
      stalled: true,
    },
    {
      route: 'share',
      planned: { items: 452_000, bytes: 226e12 },
      sent: { items: 300_000, bytes: 150e12 },
      verified: { items: 224_000, bytes: 112e12 },
      bytesPerSecond: 180e6,
      stalled: false,
    },
  ],
  modalities: [{ modality: 'CT', items: 900_000, verified: 600_000 }],
  devices: { planned: 0, onTheWay: 2, onSite: 0, loading: 3, travellingBack: 0, importing: 0, imported: 5, other: 0 },
  toLand: 1.2e12,
  strip: { everyMs: 60_000, rates: [null, 120e6, 180e6] },
  next: { code: 'wait-for-device', deviceOrdinal: 6, at: null },
}

export const token = 'a-token-of-a-screen-on-the-wall-0123456789'
export const paired: Pairing = { id: 'corridor', label: 'Corridor', createdAt: 0, lastSeenAt: null, tokens: [sha256(token)] }

export type TestBoard = {
  readonly board: Board
  readonly url: string
  readonly world: TestWorld
  /** What the host was told, in order. */
  readonly told: string[]
  readonly tokens: string[]
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>
  close(): Promise<void>
}

export async function aBoard(options: { readonly pairings?: readonly Pairing[] } = {}): Promise<TestBoard> {
  const folder = mkdtempSync(join(tmpdir(), 'firn-board-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<p>the application, not for the LAN</p>')
  writeFileSync(join(folder, 'secret.txt'), 'not for the LAN')
  writeFileSync(
    join(folder, 'wallboard.html'),
    '<!doctype html><title>Firn wallboard</title><link rel="stylesheet" href="./assets/board.css"><script type="module" src="./assets/board.js"></script>',
  )
  writeFileSync(join(folder, 'assets', 'board.js'), 'import "./shared-part.js"')
  writeFileSync(join(folder, 'assets', 'shared-part.js'), '1')
  writeFileSync(join(folder, 'assets', 'board.css'), 'p{}')
  writeFileSync(join(folder, 'assets', 'application.js'), 'not for the LAN')
  const world = testWorld()
  const told: string[] = []
  const tokens: string[] = []
  const board = await openBoard({
    address: '127.0.0.1',
    port: 0,
    page: folder,
    tls: null,
    pairings: options.pairings ?? [paired],
    now: () => world.clock.now(),
    random: world.random,
    viewers: (viewers) => told.push(`viewers ${viewers}`),
    seen: (pairingId) => told.push(`seen ${pairingId}`),
    paired: (pairingId, hash) => {
      told.push(`paired ${pairingId}`)
      tokens.push(hash)
    },
  })
  const url = `http://127.0.0.1:${board.port}`
  return {
    board,
    url,
    world,
    told,
    tokens,
    get: (path, headers = {}) => fetch(`${url}${path}`, { headers, redirect: 'manual' }),
    async close() {
      await board.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
