import { lstatSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe } from 'vitest'
import { openFolderSource } from '../../main/source/folderSource.ts'
import { bytes } from '../../shared/units/bytes.ts'
import { sourceConformance } from './source.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

describe('a folder tree is a source', () => {
  sourceConformance(async () => {
    const root = mkdtempSync(join(tmpdir(), 'firn-conformance-'))
    const source = openFolderSource(root, { patientKey: Buffer.from('key'), prefix: '', workers: 2 })
    cleanups.push(async () => {
      await source.close()
      rmSync(root, { recursive: true })
    })
    await source.check(new AbortController().signal)
    let time = 1_600_000_000
    return {
      source,
      put(name, body) {
        writeFileSync(join(root, name), body)
        time += 1
        utimesSync(join(root, name), time, time)
        const stats = lstatSync(join(root, name))
        return { size: bytes(stats.size), mtimeUs: Math.round(stats.mtimeMs * 1000) }
      },
      remove: (name) => rmSync(join(root, name)),
    }
  })
})
