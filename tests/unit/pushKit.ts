/** A share lane in folders of its own: real files, real journal, the real share adapter, a monitor that says what the test wants, and tripwires. */
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { copyItem, thereAre } from '../../main/aws/shareCopy.ts'
import { openShareTarget } from '../../main/aws/shareTarget.ts'
import type { ThroughGate } from '../../main/files/shareStanding.ts'
import type { DrainLimits } from '../../main/push/drainGuard.ts'
import { push, type PushOutcome } from '../../main/push/push.ts'
import { openFolderSource } from '../../main/source/folderSource.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { StageEvent } from '../../shared/flow/stage.ts'
import type { TransferJournal } from '../../shared/ports/journal.ts'
import type { ShareMonitor, ShareState } from '../../shared/ports/shareMonitor.ts'
import type { ShareTarget } from '../../shared/ports/shareTarget.ts'
import { MemorySource } from '../kit/memorySource.ts'
import { plannedLane, type PlannedLane } from '../kit/plannedLane.ts'
import { testWorld, type TestWorld } from '../kit/world.ts'

export const mtime = 1_700_000_000.123456

/** Says what it is told to. `looks`: the dirty percentages of the coming looks; the last one stays. */
export class SaidMonitor implements ShareMonitor {
  looks: number[] = [0]
  failing: (number | undefined)[] = [0]
  asked = 0
  onLook: (dirty: number) => void = () => undefined

  async cache() {
    this.asked += 1
    const dirtyPercent = (this.looks.length > 1 ? this.looks.shift() : this.looks[0]) ?? 0
    this.onLook(dirtyPercent)
    return { allocatedBytes: 1, usedPercent: dirtyPercent, dirtyPercent }
  }
  async metrics() {
    const filesFailingUpload = this.failing.length > 1 ? this.failing.shift() : this.failing[0]
    return { dirtyPercent: undefined, filesFailingUpload, uploadedBytes: undefined, writtenBytes: undefined, periods: 1 }
  }
  async shares() {
    return [share]
  }
  async notifyWhenUploaded() {
    return 'id'
  }
}

export const share: ShareState = { shareArn: 'share', gatewayArn: 'gateway', protocol: 'NFS', status: 'AVAILABLE', locationArn: 'bucket' }

export type Ran = { readonly outcome: PushOutcome; readonly events: readonly StageEvent<PushOutcome>[] }
export type RunOptions = {
  readonly signal?: AbortSignal
  readonly width?: number
  readonly drain?: Partial<DrainLimits>
  /** Stands before the journal, so that a crash can be played: what throws here was never recorded. */
  readonly journal?: Partial<TransferJournal>
}

export class PushScene {
  readonly place = mkdtempSync(join(tmpdir(), 'firn-push-'))
  readonly folder = join(this.place, 'share')
  readonly archive = join(this.place, 'archive')
  readonly world: TestWorld = testWorld()
  readonly monitor = new SaidMonitor()
  readonly lane: PlannedLane
  /** Called before each copy; what it throws is what the share answers. */
  beforeCopy: (key: string) => void | Promise<void> = () => undefined
  afterCopy: (key: string) => void | Promise<void> = () => undefined
  admit: (bytes: number) => Promise<boolean> = () => Promise.resolve(true)
  /** What was found of the folder's mount. */
  gate: ThroughGate | undefined
  written = 0
  readonly #source
  readonly #threads: boolean
  #share: ShareTarget | undefined

  /** `threads: false` does the same work of the adapter in this thread, for tests that start Firn hundreds of times. */
  constructor(
    items: readonly { readonly path: string; readonly body: Uint8Array }[],
    options: { readonly threads: boolean } = { threads: true },
  ) {
    this.#threads = options.threads
    mkdirSync(this.folder)
    mkdirSync(this.archive)
    for (const { path, body } of items) this.put(this.archive, path, body)
    const planned = items.map(({ path, body }) => ({ path, size: body.length, mtimeUs: Math.round(mtime * 1e6) }))
    this.lane = plannedLane(this.world, 'share', planned, { root: this.archive })
    this.#source = options.threads
      ? openFolderSource(this.archive, { patientKey: Buffer.from('key'), prefix: '', workers: 1 })
      : new MemorySource([['item', { body: Buffer.alloc(0), mtimeUs: 0 }]])
  }

  put(root: string, path: string, body: Uint8Array): void {
    const file = join(root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, body)
    utimesSync(file, mtime, mtime)
  }

  inShare(path: string): Buffer | undefined {
    const file = join(this.folder, path)
    return existsSync(file) ? readFileSync(file) : undefined
  }

  states(): Readonly<Record<string, string | undefined>> {
    const names = new Map([...this.lane.items].map(([path, item]) => [item.id as number, path]))
    const states: Record<string, string | undefined> = {}
    for (const one of this.lane.journal.evidence()) states[names.get(one.id) ?? ''] = one.transferState
    return states
  }
  reasonOf(path: string): string | undefined {
    return [...this.lane.journal.evidence()].find((one) => one.id === this.lane.items.get(path)?.id)?.leftBehindFor
  }
  sha256Of(path: string): string {
    const found = [...this.lane.journal.evidence()].find((one) => one.id === this.lane.items.get(path)?.id)
    return Buffer.from(found?.sha256 ?? []).toString('hex')
  }

  /** Forgets what the share was, as a new start of Firn does. */
  async restart(): Promise<void> {
    await this.#share?.close()
    this.#share = undefined
  }

  async run(options: RunOptions = {}): Promise<Ran> {
    const events: StageEvent<PushOutcome>[] = []
    this.#share ??= this.#threads
      ? openShareTarget({
          folder: this.folder,
          prefixInShare: '',
          workers: 2,
          admit: (bytes) => this.admit(bytes),
          ...(this.gate === undefined ? {} : { gate: this.gate }),
        })
      : shareInThisThread(this.folder)
    const real = this.#share
    const shareTarget: ShareTarget = {
      check: (signal) => real.check(signal),
      there: (keys, signal) => real.there(keys, signal),
      copy: async (source, key, expected, resume, signal) => {
        await this.beforeCopy(key)
        const outcome = await real.copy(source, key, expected, resume, signal)
        if (outcome.kind === 'copied') this.written += outcome.bytesWritten
        await this.afterCopy(key)
        return outcome
      },
      close: () => real.close(),
    }
    const input = {
      shareTarget,
      monitor: this.monitor,
      share,
      journal: { ...this.lane.journal, ...options.journal },
      archives: this.lane.journal.archives(),
      source: () => this.#source,
      world: this.world,
      ...(options.width === undefined ? {} : { width: options.width }),
      ...(options.drain === undefined ? {} : { drain: options.drain }),
    }
    for await (const event of push(input, options.signal ?? new AbortController().signal)) events.push(event)
    const last = events.at(-1)
    if (last?.kind !== 'finished') throw new Error('push did not finish')
    return { outcome: last.outcome, events }
  }

  async remove(): Promise<void> {
    await this.restart()
    await this.#source.close()
    this.lane.remove()
    rmSync(this.place, { recursive: true, force: true })
  }
}

function shareInThisThread(folder: string): ShareTarget {
  const { dev, ino } = lstatSync(folder)
  return {
    check: async () => Promise.resolve(),
    there: async (keys) =>
      thereAre(
        keys.map((key) => Buffer.from(join(folder, key))),
        undefined,
      ) ?? [],
    copy: async (source, key, expected, resume) => {
      const answer = await copyItem(
        {
          source: Buffer.concat([Buffer.from(`${source.root}/`), source.path]),
          sourceRoot: source.root,
          target: Buffer.from(join(folder, key)),
          folders: key.split('/').length - 1,
          root: { path: folder, device: dev, inode: ino },
          expected,
          resume,
          replaces: source.replaces,
        },
        new Int32Array(1),
      )
      if (answer.kind === 'outcome') return answer.outcome
      throw new Fault(answer.kind === 'conflict' ? 'share-conflict' : 'share-write-failed')
    },
    close: async () => Promise.resolve(),
  }
}

export function bodyOf(seed: string, size: number): Buffer {
  const block = createHash('sha512').update(seed).digest()
  return Buffer.alloc(size, block)
}

export function items(count: number, size = 100): { path: string; body: Buffer }[] {
  return Array.from({ length: count }, (_, at) => {
    const path = `study/${String(at).padStart(4, '0')}.dcm`
    return { path, body: bodyOf(path, size) }
  })
}
