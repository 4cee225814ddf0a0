/** RuleJournal: saved rules, and lists of patients as hashes. A part of the journal; see journal.ts for what holds of all its parts. */
import type { RuleSet, StudyRule } from '../domain/studyRule.ts'

export interface RuleJournal {
  /** The next version of this name. */
  saveRules(name: string, rule: StudyRule, person: string, at: number): RuleSet
  /** By name, oldest version first. */
  ruleSets(): readonly RuleSet[]
  /** @param hashes HMACs of patient IDs, as the inventory holds them. @returns its number */
  addPatientList(hashes: readonly Uint8Array[], person: string, at: number): number
  /** How many of these patients an item that is there is of. Reads the whole inventory once. */
  patientsFound(hashes: readonly Uint8Array[]): number
}
