/** Writes one Parquet file of a bundle, row group by row group: memory holds one group, whatever the number of rows. */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { createFileSink, type WrittenFile } from './fileSink.ts'

export type ParquetType = 'text' | 'int32' | 'int64' | 'time'
/** A cell that is empty in the CSV is null here; `required`: it never is. */
export type ParquetColumn = { readonly name: string; readonly type: ParquetType; readonly required?: true }

/** A group is encoded in one go, some 0.15 s of work. What the footer says of it is kept until the end. */
const rowsInGroup = 10_000

const elements = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  int32: { type: 'INT32' },
  int64: { type: 'INT64' },
  time: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
} as const

const values: Readonly<Record<ParquetType, (cell: string | number) => unknown>> = {
  text: String,
  int32: Number,
  int64: BigInt,
  time: (cell) => new Date(cell),
}

export interface ParquetSink {
  add(row: readonly (string | number)[]): Promise<void>
  close(): Promise<WrittenFile>
  /** For a bundle that is given up. Safe to call again, and after close. */
  abandon(): Promise<void>
}

/** @throws Fault disk-full. */
export async function createParquetSink(folder: string, name: string, columns: readonly ParquetColumn[]): Promise<ParquetSink> {
  const sink = await createFileSink(folder, name)
  const writer = new ByteWriter()
  const parquet = new ParquetWriter({
    writer,
    createdBy: 'Firn',
    schema: [
      { name: 'items', num_children: columns.length },
      ...columns.map((column) => ({
        name: column.name,
        ...elements[column.type],
        repetition_type: column.required === true ? ('REQUIRED' as const) : ('OPTIONAL' as const),
      })),
    ],
  })
  let held: unknown[][] = columns.map(() => [])
  let rows = 0
  /** What is encoded goes out, and its room is used again. */
  const drain = async (): Promise<void> => {
    await sink.write(writer.getBytes().slice())
    writer.index = 0
  }
  const flush = async (): Promise<void> => {
    if (rows === 0) return
    await parquet.write({
      columnData: columns.map(({ name: column }, at) => ({ name: column, data: held[at] ?? [], offsetIndex: false })),
      rowGroupSize: rowsInGroup,
    })
    held = columns.map(() => [])
    rows = 0
    await drain()
  }
  return {
    async add(row) {
      for (const [at, { type }] of columns.entries()) {
        const cell = row[at] ?? ''
        held[at]?.push(cell === '' ? null : values[type](cell))
      }
      rows += 1
      if (rows >= rowsInGroup) await flush()
    },
    async close() {
      await flush()
      await parquet.finish()
      await drain()
      return sink.close()
    },
    abandon: () => sink.abandon(),
  }
}
