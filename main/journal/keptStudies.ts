/** Studies that a rule keeps back because of others: the newest of each patient, those of patients on a list, those below excluded folders. */
import type { StudyRule } from '../../shared/domain/studyRule.ts'
import type { JournalDatabase } from './database.ts'
import { numberOf } from './rows.ts'
import { folderRange } from './studyLoads.ts'

/** Fills temp.kept_studies. Whatever is not known keeps a study back: its patient, its date, or which of several patients it is of. */
export function fillKept(database: JournalDatabase, rule: StudyRule): void {
  database.exec('CREATE TEMP TABLE IF NOT EXISTS kept_studies (study_id INTEGER PRIMARY KEY); DELETE FROM temp.kept_studies')
  if (rule.keepNewest !== null || rule.keepPatients !== null) fillPatients(database)
  if (rule.keepNewest !== null)
    database.run(
      `INSERT OR IGNORE INTO temp.kept_studies
       SELECT id FROM (
         SELECT s.id, p.patient, s.study_date, row_number() OVER (PARTITION BY p.patient ORDER BY s.study_date DESC, s.id DESC) AS nth
         FROM temp.study_patients p JOIN studies s ON s.id = p.study_id)
       WHERE patient IS NULL OR study_date IS NULL OR nth <= ?`,
      rule.keepNewest,
    )
  if (rule.keepPatients !== null)
    database.run(
      `INSERT OR IGNORE INTO temp.kept_studies SELECT study_id FROM temp.study_patients
       WHERE patient IS NULL OR patient IN (SELECT hash FROM patient_list_members WHERE list_id = ?)`,
      rule.keepPatients,
    )
  for (const folder of rule.excludeFolders ?? []) {
    const [from, to] = folderRange(folder)
    if (from === null) continue
    for (const row of database.all('SELECT id FROM archives ORDER BY id'))
      database.run(
        'INSERT OR IGNORE INTO temp.kept_studies SELECT DISTINCT study_id FROM items WHERE archive_id = ? AND path >= ? AND path < ? AND present = 1',
        numberOf(row, 'id'),
        from,
        to,
      )
  }
}

/** NULL: no patient is known, or not of every item, or there are several. */
function fillPatients(database: JournalDatabase): void {
  database.exec(`
DROP TABLE IF EXISTS temp.study_patients;
CREATE TEMP TABLE study_patients AS
  SELECT study_id, CASE WHEN count(patient_hash) = count(*) AND min(patient_hash) = max(patient_hash) THEN min(patient_hash) END AS patient
  FROM items WHERE present = 1 GROUP BY study_id`)
}
