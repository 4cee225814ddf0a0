/** Writes one Parquet file of a bundle, row group by row group: memory holds one group, whatever the number of rows. */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import { createFileSink, type WrittenFile } from './fileSink.ts'

export type ParquetType = 'text' | 'int32' | 'int64' | 'time'
/** A cell that is empty in the CSV is null here; `required`: it never is. */
export type ParquetColumn = { readonly name: string; readonly type: ParquetType; readonly required?: true }

/** A group is encoded in one go. Measured: 10,000 rows take 70 MiB more at the peak, and are no faster. */
const rowsInGroup = 2500
/** What the footer says of each group is kept until the file ends: so a list of any length is several files. */
const usualRowsInFile = 10_000_000

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
  /** At least one file, in order of their rows. */
  close(): Promise<readonly WrittenFile[]>
  /** For a bundle that is given up. Safe to call again, and after close. */
  abandon(): Promise<void>
}

/** Files are called NAME.parquet, NAME-2.parquet and so on. @throws Fault disk-full. */
export async function createParquetSink(
  folder: string,
  name: string,
  columns: readonly ParquetColumn[],
  rowsInFile = usualRowsInFile,
): Promise<ParquetSink> {
  const written: WrittenFile[] = []
  const begin = (): Promise<ParquetFile> =>
    beginFile(folder, `${name}${written.length === 0 ? '' : `-${written.length + 1}`}.parquet`, columns)
  let file = await begin()
  return {
    async add(row) {
      if (file.rows() >= rowsInFile) {
        written.push(await file.close())
        file = await begin()
      }
      await file.add(row)
    },
    async close() {
      written.push(await file.close())
      return written
    },
    abandon: () => file.abandon(),
  }
}

interface ParquetFile {
  rows(): number
  add(row: readonly (string | number)[]): Promise<void>
  close(): Promise<WrittenFile>
  abandon(): Promise<void>
}

async function beginFile(folder: string, name: string, columns: readonly ParquetColumn[]): Promise<ParquetFile> {
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
  let inGroup = 0
  let inFile = 0
  /** What is encoded goes out, and its room is used again. */
  const drain = async (): Promise<void> => {
    await sink.write(writer.getBytes().slice())
    writer.index = 0
  }
  const flush = async (): Promise<void> => {
    if (inGroup === 0) return
    await parquet.write({
      columnData: columns.map(({ name: column }, at) => ({ name: column, data: held[at] ?? [], offsetIndex: false })),
      rowGroupSize: rowsInGroup,
    })
    held = columns.map(() => [])
    inGroup = 0
    await drain()
  }
  return {
    rows: () => inFile,
    async add(row) {
      for (const [at, { type }] of columns.entries()) {
        const cell = row[at] ?? ''
        held[at]?.push(cell === '' ? null : values[type](cell))
      }
      inGroup += 1
      inFile += 1
      if (inGroup >= rowsInGroup) await flush()
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
