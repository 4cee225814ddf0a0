/** Saved rules and lists of patients: rows are only added. */
import { studyRule } from '../../shared/domain/studyRule.ts'
import type { RuleJournal } from '../../shared/ports/ruleJournal.ts'
import type { JournalDatabase } from './database.ts'
import { hexList, maybeNumber, numberOf, textOf } from './rows.ts'

export function ruleJournal(database: JournalDatabase): RuleJournal {
  return {
    saveRules(name, rule, person, at) {
      return database.transaction(() => {
        const row = database.get('SELECT max(version) AS version FROM rule_sets WHERE name = ?', name)
        const version = (row === undefined ? 0 : (maybeNumber(row, 'version') ?? 0)) + 1
        const named = { ...rule, named: { name, version } }
        database.run(
          'INSERT INTO rule_sets (name, version, person, at, rule) VALUES (?, ?, ?, ?, ?)',
          name,
          version,
          person,
          at,
          JSON.stringify(named),
        )
        return { name, version, person, at, rule: named }
      })
    },

    ruleSets() {
      return database.all('SELECT * FROM rule_sets ORDER BY name, version').map((row) => ({
        name: textOf(row, 'name'),
        version: numberOf(row, 'version'),
        person: textOf(row, 'person'),
        at: numberOf(row, 'at'),
        rule: studyRule.parse(JSON.parse(textOf(row, 'rule'))),
      }))
    },

    addPatientList(hashes, person, at) {
      return database.transaction(() => {
        const { id } = database.run('INSERT INTO patient_lists (person, at, patients) VALUES (?, ?, ?)', person, at, hashes.length)
        for (const hash of hashes) database.run('INSERT OR IGNORE INTO patient_list_members (list_id, hash) VALUES (?, ?)', id, hash)
        return id
      })
    },

    patientsFound(hashes) {
      const row = database.get(
        `SELECT count(DISTINCT patient_hash) AS found FROM items
         WHERE present = 1 AND patient_hash IS NOT NULL AND lower(hex(patient_hash)) IN (SELECT value FROM json_each(?))`,
        hexList(hashes),
      )
      return numberOf(row ?? {}, 'found')
    },
  }
}
