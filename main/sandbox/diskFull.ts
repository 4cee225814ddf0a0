/** Tells a full disk below the sandbox from errors of its own, however it shows: as a file that cannot grow or as a database that cannot. */

/** SQLite result codes (https://sqlite.org/rescode.html): SQLITE_FULL, and SQLITE_IOERR, which is what a full disk looks like to a memory-mapped file. */
const sqliteFull = new Set([10, 13])

export function isDiskFull(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 3) return false
  if ('code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')) return true
  if ('errcode' in error && typeof error.errcode === 'number' && sqliteFull.has(error.errcode & 0xff)) return true
  return isDiskFull(error.cause, depth + 1)
}
