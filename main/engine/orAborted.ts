/** Waits no longer than its signal allows for what cannot itself be stopped: a file system that hangs, a library that takes no signal. */

/** What the work comes to after the abort is not waited for, and no longer heard. @throws the signal's reason. */
export async function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  if (signal.aborted) work.catch(() => undefined)
  signal.throwIfAborted()
  let stop: (() => void) | undefined
  const aborted = new Promise<never>((_done, fail) => {
    stop = () => fail(signal.reason as Error)
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop)
  }
}
