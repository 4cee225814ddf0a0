/** Entry of the sandbox's thread: starts it with the options it was given and answers calls until it is closed. */
import { parentPort, workerData } from 'node:worker_threads'
import { farewell } from '../threads/endThread.ts'
import { startSandbox, type Sandbox, type SandboxOptions } from './start.ts'
import { toSent, type FromWorker, type ToWorker } from './workerProtocol.ts'

const port = parentPort
if (port === null) throw new Error('this file is the entry of a worker thread')
const tell = (message: FromWorker): void => {
  port.postMessage(message)
}

try {
  const sandbox = await startSandbox(workerData as SandboxOptions)
  port.on('message', (message: ToWorker | typeof farewell) => {
    if (message === farewell) return port.close()
    answer(sandbox, message).then(
      (value) => {
        tell({ kind: 'answer', id: message.id, value })
      },
      (error: unknown) => {
        tell({ kind: 'failure', id: message.id, error: toSent(error) })
      },
    )
  })
  tell({ kind: 'started', endpoints: sandbox.endpoints, token: sandbox.token, now: sandbox.clock.now(), speed: sandbox.clock.speed })
} catch (error) {
  tell({ kind: 'failure', id: undefined, error: toSent(error) })
}

function answer(sandbox: Sandbox, { call, input }: ToWorker): Promise<unknown> {
  const work = sandbox[call] as (...input: readonly unknown[]) => Promise<unknown>
  return work(...input)
}
