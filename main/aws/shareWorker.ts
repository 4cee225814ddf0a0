/** A thread that copies into the share, one item after the other. Its counterpart is shareThreads.ts. */
import { parentPort } from 'node:worker_threads'
import { farewell } from '../threads/endThread.ts'
import { copyItem, probe, thereAre, type CopyAnswer, type CopyRequest } from './shareCopy.ts'

export type ShareAsk =
  | { readonly id: number; readonly kind: 'copy'; readonly request: CopyRequest; readonly control: Int32Array }
  | { readonly id: number; readonly kind: 'probe'; readonly path: string; readonly body: Uint8Array }
  | { readonly id: number; readonly kind: 'there'; readonly paths: readonly Uint8Array[]; readonly root: CopyRequest['root'] | undefined }

export type ShareReply =
  | { readonly id: number; readonly kind: 'copy'; readonly answer: CopyAnswer }
  | { readonly id: number; readonly kind: 'probe'; readonly errno: string | undefined }
  | { readonly id: number; readonly kind: 'there'; readonly there: readonly boolean[] | undefined }
  | { readonly id: number; readonly kind: 'failed'; readonly errno: string }

async function answer(ask: ShareAsk): Promise<ShareReply> {
  switch (ask.kind) {
    case 'copy':
      return { id: ask.id, kind: 'copy', answer: await copyItem(ask.request, ask.control) }
    case 'probe':
      return { id: ask.id, kind: 'probe', errno: probe(Buffer.from(ask.path), ask.body) }
    case 'there':
      return { id: ask.id, kind: 'there', there: thereAre(ask.paths, ask.root) }
  }
}

parentPort?.on('message', (ask: ShareAsk | typeof farewell) => {
  if (ask === farewell) return parentPort?.close()
  answer(ask).then(
    (reply) => parentPort?.postMessage(reply),
    (error: unknown) => {
      const errno = error instanceof Error && 'code' in error ? String(error.code) : 'EUNKNOWN'
      parentPort?.postMessage({ id: ask.id, kind: 'failed', errno } satisfies ShareReply)
    },
  )
})
