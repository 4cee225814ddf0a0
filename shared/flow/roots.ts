/** Roots: tells a vanished item from a vanished archive, so that an unmounted share does not make thousands of items vanish. */
import { defaultClutter } from '../domain/archive.ts'
import type { ArchiveId } from '../domain/item.ts'
import { Fault } from '../faults/fault.ts'
import type { Source } from '../ports/source.ts'
import type { Clock } from '../ports/world.ts'
import { rootPath } from '../units/itemPath.ts'

/** An answer is believed for so long: items that vanish together ask once. */
const believedFor = 1000

export class Roots {
  readonly #source: (archiveId: ArchiveId) => Source
  readonly #clock: Clock
  readonly #seen = new Map<ArchiveId, { readonly at: number; readonly answer: Promise<void> }>()
  readonly #ready = new Map<ArchiveId, Promise<void>>()
  constructor(source: (archiveId: ArchiveId) => Source, clock: Clock) {
    this.#source = source
    this.#clock = clock
  }

  /** Once per archive, before its first item is read. @throws Fault archive-missing. */
  async ready(archiveId: ArchiveId, signal: AbortSignal): Promise<void> {
    const known = this.#ready.get(archiveId)
    if (known !== undefined) return known
    const answer = this.#source(archiveId).check(signal)
    this.#ready.set(archiveId, answer)
    return answer
  }

  /** @throws Fault archive-missing when the root is gone, source-unreadable when it is an empty folder: what an unmounted share leaves behind. */
  async stillThere(archiveId: ArchiveId, signal: AbortSignal): Promise<void> {
    const known = this.#seen.get(archiveId)
    if (known !== undefined && this.#clock.monotonic() - known.at < believedFor) return known.answer
    const answer = this.#look(this.#source(archiveId), signal)
    this.#seen.set(archiveId, { at: this.#clock.monotonic(), answer })
    return answer
  }

  async #look(source: Source, signal: AbortSignal): Promise<void> {
    await source.check(signal)
    const unknown = (paths: readonly unknown[]): undefined[] => paths.map(() => undefined)
    for await (const part of source.listFolder(rootPath, defaultClutter, unknown, signal)) {
      const readable = part.items.filter((item) => item.kind !== 'folder')
      if (readable.length + part.unchanged.length + part.folders.length + part.ignored > 0) return
    }
    throw new Fault('source-unreadable', { root: 'empty' })
  }
}
