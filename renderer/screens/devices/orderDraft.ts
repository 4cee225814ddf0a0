/** The order settings as they are typed: every field a text, and what is wrong with each. */
import { orderSettings, shippingOptions, type OrderSettings } from '../../../shared/contract/migrationConfig.ts'
import { orderProblems, type OrderProblem } from '../../../shared/domain/orderRules.ts'

export const awsFields = ['roleArn', 'kmsKeyArn', 'notifyTopicArn'] as const
export const addressFields = [
  'name',
  'company',
  'street1',
  'street2',
  'city',
  'stateOrProvince',
  'postalCode',
  'country',
  'phoneNumber',
] as const
export type OrderField = (typeof awsFields)[number] | (typeof addressFields)[number]
const mayBeEmpty: ReadonlySet<OrderField> = new Set(['kmsKeyArn', 'notifyTopicArn', 'company', 'street2', 'stateOrProvince'])

export type OrderDraft = Readonly<Record<OrderField, string>> & { readonly shippingOption: OrderSettings['shippingOption'] }

export function isOptional(field: OrderField): boolean {
  return mayBeEmpty.has(field)
}

export function draftOf(settings: OrderSettings | null): OrderDraft {
  const { roleArn = '', kmsKeyArn = '', notifyTopicArn = '', shippingOption = shippingOptions[0], address } = settings ?? {}
  const place = Object.fromEntries(addressFields.map((field) => [field, address?.[field] ?? ''])) as Record<
    (typeof addressFields)[number],
    string
  >
  return { roleArn, kmsKeyArn, notifyTopicArn, shippingOption, ...place }
}

export function settingsOf(draft: OrderDraft): OrderSettings {
  const filled = (field: OrderField): object => (draft[field].trim() === '' ? {} : { [field]: draft[field].trim() })
  const part = (fields: readonly OrderField[]): object =>
    Object.assign({}, ...fields.map((field) => (isOptional(field) ? filled(field) : { [field]: draft[field].trim() }))) as object
  return { ...part(awsFields), shippingOption: draft.shippingOption, address: part(addressFields) } as OrderSettings
}

/** By field. `missing`: it is needed and empty. Of an empty field nothing else is said. */
export function problemsOf(draft: OrderDraft, region: string): ReadonlyMap<string, OrderProblem | 'missing'> {
  const found = new Map<string, OrderProblem | 'missing'>()
  for (const problem of orderProblems(settingsOf(draft), region)) {
    const field = problem.field.replace('address.', '')
    if (!found.has(field)) found.set(field, problem)
  }
  for (const field of [...awsFields, ...addressFields]) if (!isOptional(field) && draft[field].trim() === '') found.set(field, 'missing')
  return found
}

export function isWhole(draft: OrderDraft, region: string): boolean {
  return problemsOf(draft, region).size === 0 && orderSettings.safeParse(settingsOf(draft)).success
}
