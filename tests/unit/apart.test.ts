import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { requireApart } from '../../main/engine/apart.ts'

const place = mkdtempSync(join(tmpdir(), 'firn-apart-'))
afterAll(() => rmSync(place, { recursive: true, force: true }))
const archive = join(place, 'archive')
mkdirSync(join(archive, 'studies'), { recursive: true })
mkdirSync(join(place, 'elsewhere'))
symlinkSync(archive, join(place, 'elsewhere/way-in'))

test.each([
  ['the archive itself', archive],
  ['a folder in the archive', join(archive, 'studies')],
  ['a folder in the archive that does not exist yet', join(archive, 'firn/migration')],
  ['a folder in the archive reached by a link', join(place, 'elsewhere/way-in/firn')],
  ['a folder that holds the archive', place],
])('%s cannot be where Firn keeps its own files', (_, folder) => {
  expect(() => requireApart('folder', folder, [archive])).toThrow(/bad-input/)
})

test.each([
  ['a folder beside it', join(place, 'elsewhere')],
  ['a folder whose name merely begins like the archive', join(place, 'archive-2')],
  ['a folder whose name begins with two dots', join(place, '..firn')],
])('%s can', (_, folder) => {
  expect(() => requireApart('folder', folder, [archive])).not.toThrow()
})
