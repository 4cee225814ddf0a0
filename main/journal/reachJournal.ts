/** How devices were reached: certificates pinned, and what their adapters took. */
import { deviceTakes } from '../../shared/domain/deviceProbe.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { ReachJournal } from '../../shared/ports/reachJournal.ts'
import type { JournalDatabase } from './database.ts'
import { textOf } from './rows.ts'

export function reachJournal(database: JournalDatabase): ReachJournal {
  return {
    pinnedCertificate(device) {
      const row = database.get('SELECT fingerprint FROM device_certificates WHERE device_id = ? ORDER BY sequence DESC LIMIT 1', device)
      return row === undefined ? undefined : textOf(row, 'fingerprint')
    },

    pinCertificate(device, fingerprint, at) {
      database.transaction(() =>
        database.run('INSERT INTO device_certificates (device_id, fingerprint, at) VALUES (?, ?, ?)', device, fingerprint, at),
      )
    },

    probed(device, endpoint) {
      const row = database.get('SELECT takes FROM device_probes WHERE device_id = ? AND endpoint = ?', device, endpoint)
      if (row === undefined) return undefined
      const takes = deviceTakes.safeParse(JSON.parse(textOf(row, 'takes')))
      if (!takes.success) throw new Fault('journal-damaged', { column: 'takes' })
      return takes.data
    },

    addProbe(device, endpoint, takes, at) {
      database.transaction(() =>
        database.run(
          'INSERT OR REPLACE INTO device_probes (device_id, endpoint, at, takes) VALUES (?, ?, ?, ?)',
          device,
          endpoint,
          at,
          JSON.stringify(takes),
        ),
      )
    },
  }
}
