/** A file that a command writes for a person: new, readable by its owner alone, whole or not there. */
import { unlink } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { Fault, isFault } from '../../shared/faults/fault.ts'
import { createFileSink, type FileSink } from '../evidence/fileSink.ts'

/** @throws Fault bad-input naming the option where the file is there already or cannot be made; disk-full; what `fill` throws. */
export async function writeNewFile(option: string, path: string, fill: (sink: FileSink) => Promise<void>): Promise<void> {
  const file = resolve(path)
  const sink = await createFileSink(dirname(file), basename(file)).catch((error: unknown) => {
    if (isFault(error)) throw error
    throw new Fault('bad-input', { field: option, problem: 'cannot be made, or is there already' }, { cause: error })
  })
  try {
    await fill(sink)
    await sink.close()
  } catch (error) {
    await sink.abandon()
    // Half a list must not be taken for the whole.
    await unlink(file)
    throw error
  }
}
