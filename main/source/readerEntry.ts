/** Where the reading threads' code is: the one place to change when the application is bundled. */
export const readerEntry = new URL('readerWorker.ts', import.meta.url)
