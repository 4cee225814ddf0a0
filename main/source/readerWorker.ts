/** A reading thread: answers requests one after the other with synchronous calls, which cost a fraction of what promises do. */
import { createSecretKey } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { farewell } from '../threads/endThread.ts'
import { archiveReader, type Answered } from './archiveReader.ts'
import type { ReaderSetting, Request, Response } from './readerProtocol.ts'

const setting = workerData as ReaderSetting
const abandoned = new Int32Array(setting.abandoned)
const reader = archiveReader({ root: setting.root, prefix: setting.prefix, patientKey: createSecretKey(setting.patientKey) })

const port = parentPort
if (port === null) throw new Error('readerWorker runs as a thread only')

async function answer(request: Request): Promise<Answered> {
  let ticked = performance.now()
  const alive = (): boolean => {
    if (performance.now() - ticked > 1000) {
      ticked = performance.now()
      port?.postMessage({ id: request.id, kind: 'tick' } satisfies Response)
    }
    return Atomics.load(abandoned, 0) !== request.id
  }
  return await reader.answer(request.name, request.asks, alive)
}

port.on('message', (requests: readonly Request[] | typeof farewell) => {
  if (requests === farewell) return port.close()
  void inTurn(requests)
})

async function inTurn(requests: readonly Request[]): Promise<void> {
  for (const request of requests) {
    try {
      const { value, transfer } = await answer(request)
      port?.postMessage({ id: request.id, kind: 'answer', answer: value } satisfies Response, transfer)
    } catch (error) {
      port?.postMessage({ id: request.id, kind: 'failed', error: error instanceof Error ? error.name : typeof error } satisfies Response)
    }
  }
}
