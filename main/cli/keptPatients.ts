/** Says when a list of patients names some that no item is of: mistyped, or of another system, they would keep nothing back. */
import type { KeptPatients } from '../engine/patientList.ts'
import { count, type Output } from './output.ts'

export function warnOfUnknown(output: Output, patients: KeptPatients | undefined): void {
  if (patients === undefined || patients.found === patients.listed) return
  output.warning(
    `Of ${count(patients.listed)} patients on the list ${count(patients.listed - patients.found)} are of no image here, and keep nothing back. ` +
      'Are their IDs written as in the images?',
  )
}
