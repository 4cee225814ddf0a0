/** A process that writes objects until it is killed: puts, overwrites, deletions and uploads in parts. Argument: the store's folder. */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { openObjects } from '../../main/sandbox/s3/objectStore.ts'

const store = openObjects(process.argv[2] ?? '', { clock: { now: () => 0 } })
store.createBucket('b')
process.send?.('writing')

async function write(lane: number): Promise<never> {
  for (let at = 0; ; at += 1) {
    const key = `${lane}/${at % 7}`
    const size = createHash('md5').update(`${lane}:${at}`).digest().readUInt16BE() * 40
    const body = Readable.from([Buffer.alloc(size >> 1, at), Buffer.alloc(size - (size >> 1), lane)])
    if (at % 5 === 4) store.delete('b', key)
    else if (at % 3 === 2) {
      const upload = store.uploads.create('b', key, {}, undefined)
      const part = store.uploads.putPart(upload, 1, await store.blobs.receive(body, upload.algorithm))
      await store.uploads.assemble(upload, [part], upload.algorithm, (draft) =>
        store.commit('b', key, draft, {}, { etag: part.md5.toString('hex'), checksum: undefined, parts: [part] }),
      )
    } else await store.put('b', key, body)
  }
}
await Promise.all([1, 2, 3].map(write))
