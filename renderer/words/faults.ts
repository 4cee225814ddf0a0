/** The three sentences of each fault, in the language of the person who reads them. English stands in the catalogue itself. */
import type { Language } from '../../shared/contract/settings.ts'
import { catalogue, type FaultCode } from '../../shared/faults/catalogue.ts'
import { germanFaults } from './germanFaults.ts'

export type FaultSentences = { readonly happened: string; readonly safe: string; readonly todo: string }

export function faultWords(code: FaultCode, language: Language): FaultSentences {
  return language === 'de' ? germanFaults[code] : catalogue[code]
}

export function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(catalogue, code)
}
