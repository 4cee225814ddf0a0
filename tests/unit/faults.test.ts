/** The fault catalogue: every fault says what happened, whether the data is safe, and what to do. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../shared/faults/catalogue.ts'
import { asFault, Fault, isFault, wordsFor } from '../../shared/faults/fault.ts'

const root = join(import.meta.dirname, '..', '..')
const codes = Object.keys(catalogue)
const entries = Object.entries(catalogue)

function sources(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(root, folder, name)),
  )
}

describe('the fault catalogue', () => {
  test.each(entries)('%s says in whole sentences what happened, whether data is safe, and what to do', (_code, entry) => {
    for (const sentence of [entry.happened, entry.safe, entry.todo]) {
      expect(sentence).toMatch(/^[A-Z].*[.]$/s)
      expect(sentence).not.toMatch(/\bTODO\b|undefined| {2}|\n/)
    }
    expect(['now', 'later', 'after-human', 'never']).toContain(entry.retry)
  })
  test('names each code once, in small letters with hyphens', () => {
    const areas = sources('shared/faults/catalogue').filter((file) => !file.endsWith('entry.ts'))
    const written = areas.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/^ {2}'?([\w-]+)'?: \{$/gm)].map((match) => match[1]))
    expect(written.toSorted()).toEqual(codes.toSorted())
    for (const code of codes) expect(code).toMatch(/^[a-z]+(-[a-z0-9]+)*$/)
  })
  test('lists no fault that nothing can report', () => {
    const text = sources('main', 'shared')
      .filter((file) => !file.includes(join('faults', 'catalogue')))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n')
    expect(codes.filter((code) => !text.includes(`'${code}'`))).toEqual([])
  })
})

describe('a fault', () => {
  test('carries code, facts, cause and who may act next', () => {
    const cause = new Error('ECONNRESET')
    const fault = new Fault('aws-unreachable', { attempts: 5 }, { cause })
    expect(fault).toMatchObject({ name: 'Fault', code: 'aws-unreachable', retry: 'later', facts: { attempts: 5 }, cause })
    expect(new Fault('aws-unreachable', {}, { retry: 'never' }).retry).toBe('never')
    expect(wordsFor(fault)).toBe(catalogue['aws-unreachable'])
  })
  test('has no cause of its own making', () => {
    expect('cause' in new Fault('stopped')).toBe(false)
  })
  test('is told apart from other errors, by code where asked', () => {
    expect(isFault(new Fault('stopped'))).toBe(true)
    expect(isFault(new Fault('stopped'), 'disk-full', 'stopped')).toBe(true)
    expect(isFault(new Fault('stopped'), 'disk-full')).toBe(false)
    expect(isFault(new Error('stopped'))).toBe(false)
  })
  test('is made of whatever was thrown, keeping the cause', () => {
    const fault = new Fault('stopped')
    expect(asFault(fault)).toBe(fault)
    const thrown = new TypeError('surprise')
    expect(asFault(thrown)).toMatchObject({ code: 'unforeseen', cause: thrown })
  })
})
