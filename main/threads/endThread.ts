/** Threads end by themselves: one that is terminated while its handles close can take the whole process with it (nodejs/node 56312). */
import type { Worker } from 'node:worker_threads'

/** Nothing more will be asked of a thread. */
export const farewell = null

/**
 * Posts the farewell, upon which the thread closes its port and runs out of work. One that has not ended within so many milliseconds is terminated;
 * one inside a system call that hangs does not end even then, and keeps nobody from going.
 */
export async function endThread(worker: Worker, within: number, words: unknown = farewell): Promise<void> {
  // A thread that has ended is called -1.
  if (worker.threadId < 0) return
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  worker.ref()
  worker.postMessage(words)
  const late = setTimeout(() => {
    worker.unref()
    void worker.terminate()
  }, within)
  try {
    await ended
  } finally {
    clearTimeout(late)
  }
}
