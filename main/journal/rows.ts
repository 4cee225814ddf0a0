/** Reads columns of a row with the type the schema promises (tables are STRICT, so a surprise means a damaged journal). */
import { Fault } from '../../shared/faults/fault.ts'
import { toHex } from '../../shared/units/digest.ts'
import type { Row } from './database.ts'

export function numberOf(row: Row, column: string): number {
  const value = row[column]
  if (typeof value !== 'number') throw new Fault('journal-damaged', { column })
  return value
}

export function textOf(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new Fault('journal-damaged', { column })
  return value
}

export function blobOf(row: Row, column: string): Uint8Array {
  const value = row[column]
  if (!(value instanceof Uint8Array)) throw new Fault('journal-damaged', { column })
  return value
}

export function maybeNumber(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : numberOf(row, column)
}

export function maybeText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : textOf(row, column)
}

export function maybeBlob(row: Row, column: string): Uint8Array | undefined {
  return row[column] === null ? undefined : blobOf(row, column)
}

/** A column whose values are a closed list. */
export function oneOf<Word extends string>(row: Row, column: string, words: readonly Word[]): Word {
  const value = textOf(row, column)
  const word = words.find((one) => one === value)
  if (word === undefined) throw new Fault('journal-damaged', { column })
  return word
}

/** For `IN (SELECT value FROM json_each(?))` beside `lower(hex(column))`. */
export function hexList(blobs: readonly Uint8Array[]): string {
  return JSON.stringify(blobs.map(toHex))
}
