/** Reading calls of the application, answered in threads of their own with their own read-only connections, so that the copy is never held up. */
import type { Answer, Parsed } from '../../../shared/contract/bridge.ts'
import type { DeviceLetters } from '../../journal/views/deviceLetters.ts'
import type { JournalFigures } from '../../journal/views/figures.ts'
import { filesOf } from '../migrationFolder.ts'
import type { ViewName } from './viewNames.ts'
import { ViewThread } from './viewThread.ts'

export type { DeviceLetters } from '../../journal/views/deviceLetters.ts'
export type { JournalFigures } from '../../journal/views/figures.ts'
export { viewNames, type ViewName } from './viewNames.ts'

export interface Views {
  /** @throws Fault too-many-calls, engine-gone when the thread died over it, stopped after close; the signal's reason on abort. */
  ask<Name extends ViewName>(name: Name, input: Parsed<Name>, signal?: AbortSignal): Promise<Answer<Name>>
  /**
   * All counted amounts of the snapshot. Counted anew only when the journal has changed, and where counting takes long not at once even then.
   * @param fresh whether they must be those of now, whatever it takes
   */
  figures(signal?: AbortSignal, fresh?: boolean): Promise<JournalFigures>
  deviceLetters(deviceId: number): Promise<DeviceLetters>
  close(): Promise<void>
}

/** Heavy sums, so that nobody who turns a page waits behind them. */
const sums: ReadonlySet<ViewName> = new Set<ViewName>([
  'archives.list',
  'archives.heatMap',
  'archives.sizes',
  'archives.coldness',
  'archives.anomalies',
  'archives.anomalyCsv',
  'explorer.count',
  'explorer.bookmarks',
  'plan.count',
  'plan.estimate',
  'plan.curve',
  'plan.current',
  'failures.list',
  'transfers.waiting',
  'verification.summary',
  'verification.studies',
  'events.check',
])

/** @throws Fault not-a-migration, journal-newer, journal-damaged. */
export async function openViews(migrationFolder: string): Promise<Views> {
  const setting = { journal: filesOf(migrationFolder).journal }
  const pages = new ViewThread('pages', setting)
  const figures = new ViewThread('figures', setting)
  try {
    await pages.ask('events.kinds', {})
  } catch (error) {
    await Promise.all([pages.close(), figures.close()])
    throw error
  }
  return {
    // What a thread answers has the shape of its call by the types of answers.ts.
    ask: async (name, input, signal) => (await (sums.has(name) ? figures : pages).ask(name, input, signal)) as Answer<typeof name>,
    figures: async (signal, fresh = false) => (await figures.ask('figures', { fresh }, signal)) as JournalFigures,
    deviceLetters: async (deviceId) => (await figures.ask('deviceLetters', { deviceId })) as DeviceLetters,
    async close() {
      await Promise.all([pages.close(), figures.close()])
    },
  }
}
