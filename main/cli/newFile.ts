/** Files that a command writes for a person: new, readable by their owner alone, all of them whole or none there. */
import { unlink } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { Fault, isFault } from '../../shared/faults/fault.ts'
import { createFileSink, type FileSink } from '../evidence/fileSink.ts'

/** @throws Fault bad-input naming the option where the file is there already or cannot be made; disk-full; what `fill` throws. */
export async function writeNewFile(option: string, path: string, fill: (sink: FileSink) => Promise<void>): Promise<void> {
  await writeNewFiles({ [option]: path }, (sinks) => fill(sinkOf(sinks, option)))
}

/** @param paths by the option that named them; the sinks come by the same names */
export async function writeNewFiles<Result>(
  paths: Readonly<Record<string, string>>,
  fill: (sinks: ReadonlyMap<string, FileSink>) => Promise<Result>,
): Promise<Result> {
  const made = new Map<string, { readonly file: string; readonly sink: FileSink }>()
  try {
    for (const [option, path] of Object.entries(paths)) made.set(option, await newFile(option, resolve(path)))
    const result = await fill(new Map([...made].map(([option, { sink }]) => [option, sink])))
    for (const { sink } of made.values()) await sink.close()
    return result
  } catch (error) {
    // Half a list must not be taken for the whole.
    for (const { file, sink } of made.values()) {
      await sink.abandon()
      await unlink(file)
    }
    throw error
  }
}

async function newFile(option: string, path: string): Promise<{ readonly file: string; readonly sink: FileSink }> {
  const [folder, name] = [dirname(path), basename(path)]
  const sink = await createFileSink(folder, name).catch((error: unknown) => {
    if (isFault(error)) throw error
    throw new Fault('bad-input', { field: option, problem: 'cannot be made, or is there already' }, { cause: error })
  })
  return { file: join(folder, name), sink }
}

function sinkOf(sinks: ReadonlyMap<string, FileSink>, option: string): FileSink {
  const sink = sinks.get(option)
  if (sink === undefined) throw new Error('every file asked for was made')
  return sink
}
