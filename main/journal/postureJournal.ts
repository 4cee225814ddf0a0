/** How buckets were found set up. Rows are only added. */
import { z } from 'zod'
import { checkNames, checkResults, profileNames } from '../../shared/domain/posture.ts'
import { postureMoments, type PostureJournal } from '../../shared/ports/postureJournal.ts'
import type { JournalDatabase } from './database.ts'
import { numberOf, oneOf, textOf } from './rows.ts'

const findings = z.array(z.strictObject({ check: z.enum(checkNames), result: z.enum(checkResults), evidence: z.string() }))

export function postureJournal(database: JournalDatabase): PostureJournal {
  return {
    addPosture({ bucket, at, moment, profile, findings: found }) {
      database.transaction(() =>
        database.run(
          'INSERT INTO postures (bucket, at, moment, profile, findings) VALUES (?, ?, ?, ?, ?)',
          bucket,
          at,
          moment,
          profile,
          JSON.stringify(found),
        ),
      )
    },

    postures() {
      return database.all('SELECT * FROM postures ORDER BY sequence').map((row) => ({
        bucket: textOf(row, 'bucket'),
        at: numberOf(row, 'at'),
        moment: oneOf(row, 'moment', postureMoments),
        profile: oneOf(row, 'profile', profileNames),
        findings: findings.parse(JSON.parse(textOf(row, 'findings'))),
      }))
    },
  }
}
