/** A simulated AWS that is killed loses nothing it has told of, and tells of nothing it has not whole. */
import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openObjects } from '../../main/sandbox/s3/objectStore.ts'

const writer = fileURLToPath(new URL('../kit/sandboxS3Writer.ts', import.meta.url))

test('after SIGKILL at any moment every listed object is whole and every file belongs to something', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'firn-kill-'))
  let listed = 0
  for (const wait of [5, 40, 90, 150, 230]) {
    const child = fork(writer, [folder], { execArgv: [] })
    await once(child, 'message')
    await new Promise((resolve) => setTimeout(resolve, wait))
    child.kill('SIGKILL')
    await once(child, 'exit')

    const store = openObjects(folder, { clock: Date })
    const objects = store.list('b', '')
    for (const object of objects) {
      const bytes = readFileSync(store.fileOf(object))
      expect(bytes.length).toBe(object.size)
      expect(createHash('md5').update(bytes).digest('hex')).toBe(object.etag)
    }
    const waiting = store.uploads.page('b', '', '', '', -1).flatMap((upload) => store.uploads.parts(upload, 0, -1))
    const files = readdirSync(join(folder, 'objects'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    expect(files.length).toBe(objects.length + waiting.length)
    expect(readdirSync(join(folder, 'incoming'))).toEqual([])
    listed += objects.length
    store.close()
  }
  expect(listed).toBeGreaterThan(20)
  rmSync(folder, { recursive: true, force: true })
})
