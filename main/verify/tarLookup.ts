/** TarLookup: is the tar of a batch still in S3? Asked once per batch, not once per missing member. */
import type { Archive } from '../../shared/domain/archive.ts'
import type { ObjectStore } from '../../shared/ports/objectStore.ts'

/** Members of a batch have neighbouring keys, so few answers are ever needed again. */
const answersKept = 1000

export class TarLookup {
  readonly #store: ObjectStore
  readonly #answers = new Map<string, Promise<boolean>>()
  /** Grows with the batches left unextracted: by nature few, at most one per 10,000 items. */
  readonly #unextracted = new Set<string>()
  constructor(store: ObjectStore) {
    this.#store = store
  }

  async isThere(bucket: string, key: string, signal: AbortSignal): Promise<boolean> {
    const name = `${bucket}/${key}`
    let answer = this.#answers.get(name)
    if (answer === undefined) {
      answer = this.#store.head(bucket, key, signal).then((head) => head !== undefined)
      this.#answers.set(name, answer)
      answer.catch(() => this.#answers.delete(name))
      for (const oldest of this.#answers.keys()) {
        if (this.#answers.size <= answersKept) break
        this.#answers.delete(oldest)
      }
    }
    const there = await answer
    if (there) this.#unextracted.add(name)
    return there
  }

  get unextracted(): number {
    return this.#unextracted.size
  }

  /** Those that a listing of the archives' prefixes shows. */
  unextractedIn(archives: readonly Archive[]): number {
    let count = 0
    for (const name of this.#unextracted) {
      if (archives.some((archive) => name.startsWith(`${archive.bucket}/${archive.prefix}`))) count += 1
    }
    return count
  }
}
