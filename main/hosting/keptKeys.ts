/** Keys for AWS, kept under names: encrypted by the system's secret store, in clear nowhere but in the engine's memory. */
import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Parsed } from '../../shared/contract/bridge.ts'
import type { WireKeys } from '../../shared/contract/engineWire.ts'
import { Fault, isFault } from '../../shared/faults/fault.ts'
import type { Secrets } from './abilities.ts'

const mostKept = 100
const ending = '.key'

/** The name is for people and no secret; what AWS calls the access key id is sealed with the rest. */
const sealedFile = z.strictObject({ format: z.literal(1), name: z.string().max(60), sealed: z.base64() })
const sealed = z.strictObject({ accessKeyId: z.string(), secretAccessKey: z.string(), sessionToken: z.string().nullable() })

export type Keys = {
  keep(input: Parsed<'host.keepKeys'>): Promise<void>
  names(): Promise<readonly string[]>
  forget(name: string): Promise<void>
  /** Those of one name; `undefined`: there are none. @throws Fault secrets-not-kept when the secret store does not open them. */
  open(name: string): Promise<WireKeys | undefined>
}

export function openKeys(folder: string, secrets: Secrets | undefined): Keys {
  const fileOf = (name: string): string => join(folder, `${createHash('sha256').update(name).digest('hex')}${ending}`)
  const store = (): Secrets => {
    if (secrets?.available() !== true) throw new Fault('secrets-not-kept')
    return secrets
  }
  const read = async (file: string): Promise<z.infer<typeof sealedFile> | undefined> => {
    try {
      return sealedFile.parse(JSON.parse(await readFile(file, 'utf8')))
    } catch {
      return undefined
    }
  }
  const all = async (): Promise<readonly z.infer<typeof sealedFile>[]> => {
    const files = await readdir(folder).catch(() => [])
    const opened = await Promise.all(
      files
        .filter((file) => file.endsWith(ending))
        .slice(0, mostKept)
        .map((file) => read(join(folder, file))),
    )
    return opened.filter((one) => one !== undefined).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  }
  return {
    async keep({ name, ...keys }) {
      const there = await all()
      if (there.length >= mostKept && !there.some((one) => one.name === name))
        throw new Fault('bad-input', { field: 'name', problem: `there are ${mostKept} kept keys already` })
      const body = Buffer.from(await store().encrypt(JSON.stringify(keys)))
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const file = fileOf(name)
      await rm(`${file}.new`, { force: true })
      const handle = await open(`${file}.new`, 'wx', 0o600)
      try {
        await handle.writeFile(JSON.stringify({ format: 1, name, sealed: body.toString('base64') }))
        await handle.sync()
      } finally {
        await handle.close()
      }
      await rename(`${file}.new`, file)
    },
    async names() {
      return (await all()).map((one) => one.name)
    },
    async forget(name) {
      await rm(fileOf(name), { force: true })
    },
    async open(name) {
      const one = await read(fileOf(name))
      if (one === undefined || one.name !== name) return undefined
      try {
        return sealed.parse(JSON.parse(await store().decrypt(Buffer.from(one.sealed, 'base64'))))
      } catch (error) {
        throw isFault(error) ? error : new Fault('secrets-not-kept', {}, { cause: error })
      }
    },
  }
}
