/** docs/device-limits.md: every limit of a device names tests, and they are there. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const rows = readFileSync('docs/device-limits.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| limit') && !line.startsWith('| -'))
const tests = readdirSync('tests', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join('tests', name), 'utf8'))
  .join('\n')

test('the page tells of all limits', () => {
  expect(rows.length).toBeGreaterThan(15)
})

test.each(rows.map((row) => [row.slice(2, 50).trim(), row] as const))('%s', (_limit, row) => {
  const named = [...row.slice(row.lastIndexOf(' | ')).matchAll(/"([^"]+)"/g)].map(([, title]) => title ?? '')
  expect(named).not.toEqual([])
  for (const title of named) expect(tests, title).toContain(`'${title}'`)
})
