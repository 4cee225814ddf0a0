/**
 * What AWS demands of an order of devices, asked before anything is ordered: each line names the field, what is wrong, and what belongs there.
 * AWS Snowball API Reference 2016-06-30 (CreateJob, CreateAddress); Snowball Edge Developer Guide (shipping).
 */
export type OrderSettings = {
  readonly roleArn: string
  readonly kmsKeyArn?: string | undefined
  readonly notifyTopicArn?: string | undefined
  readonly shippingOption: string
  readonly address: {
    readonly street1: string
    readonly street2?: string | undefined
    readonly postalCode: string
    readonly country: string
    readonly phoneNumber: string
  }
}

export const orderProblemCodes = [
  'role-form',
  'key-alias',
  'key-form',
  'key-region',
  'key-account',
  'topic-form',
  'topic-region',
  'country-form',
  'speed',
  'abroad',
  'post-box',
  'phone',
  'postal-code',
] as const
export type OrderProblemCode = (typeof orderProblemCodes)[number]

/** `values`: what the words in other languages are made with. */
export type OrderProblem = {
  readonly field: string
  readonly code: OrderProblemCode
  readonly values: readonly string[]
  readonly problem: string
}

const role = /^arn:aws[a-z-]*:iam::(\d{12}):role\/\S+$/
const key = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):(\d{12}):key\/\S+$/
const alias = /^(?:arn:aws[a-z-]*:kms:[^:]*:[^:]*:)?alias\//
const topic = /^arn:aws[a-z-]*:sns:([a-z0-9-]+):(\d{12}):\S+$/
const postBox = /\bp\.?\s?o\.?\s?box\b|\bpostfach\b/i
const longestArn = 255

const union = new Set('AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE'.split(' '))

/** Speeds that AWS's pages name for a country; `undefined` where they name none: then AWS's own answer to the order decides. */
export function speedsFor(country: string): readonly string[] | undefined {
  if (country === 'US' || country === 'CA') return ['SECOND_DAY', 'NEXT_DAY']
  return union.has(country) || country === 'GB' ? ['STANDARD', 'EXPRESS'] : undefined
}

/** Countries whose Region this certainly is not: a device is used and returned where it was ordered, and none is shipped abroad but within the EU. */
function isAbroad(region: string, country: string): boolean {
  if (region.startsWith('us-')) return speedsFor(country) !== undefined && country !== 'US'
  if (region.startsWith('ca-')) return speedsFor(country) !== undefined && country !== 'CA'
  if (region === 'eu-west-2') return speedsFor(country) !== undefined && country !== 'GB'
  if (region.startsWith('eu-') && region !== 'eu-central-2') return ['US', 'CA', 'GB'].includes(country)
  return false
}

export function orderProblems(settings: OrderSettings, region: string): readonly OrderProblem[] {
  const problems: OrderProblem[] = []
  const found = (field: string, code: OrderProblemCode, problem: string, ...values: string[]): void =>
    void problems.push({ field, code, values, problem })
  const { roleArn, kmsKeyArn, notifyTopicArn, shippingOption, address } = settings

  const account = role.exec(roleArn)?.[1]
  if (account === undefined || roleArn.length > longestArn)
    found('roleArn', 'role-form', 'must be the ARN of the import role, as arn:aws:iam::ACCOUNT:role/NAME')
  if (kmsKeyArn !== undefined) {
    const [, keyRegion, keyAccount] = key.exec(kmsKeyArn) ?? []
    if (alias.test(kmsKeyArn))
      found(
        'kmsKeyArn',
        'key-alias',
        'is an alias; Snowball takes the ARN of the key itself (aws kms describe-key --key-id ALIAS tells it as Arn)',
      )
    else if (keyRegion === undefined || kmsKeyArn.length > longestArn)
      found('kmsKeyArn', 'key-form', `must be the ARN of a key, as arn:aws:kms:${region}:ACCOUNT:key/ID`, region)
    else {
      if (keyRegion !== region)
        found('kmsKeyArn', 'key-region', `is a key in ${keyRegion}; the job is in ${region}, and so must its key be`, keyRegion, region)
      if (account !== undefined && keyAccount !== account)
        found('kmsKeyArn', 'key-account', `belongs to account ${keyAccount}, the import role to ${account}`, keyAccount ?? '', account)
    }
  }
  if (notifyTopicArn !== undefined) {
    const topicRegion = topic.exec(notifyTopicArn)?.[1]
    if (topicRegion === undefined)
      found('notifyTopicArn', 'topic-form', `must be the ARN of an SNS topic, as arn:aws:sns:${region}:ACCOUNT:NAME`, region)
    else if (topicRegion !== region)
      found('notifyTopicArn', 'topic-region', `is a topic in ${topicRegion}; the job is in ${region}`, topicRegion, region)
  }

  const { country } = address
  if (!/^[A-Z]{2}$/.test(country)) found('address.country', 'country-form', 'must be the two capital letters of ISO 3166-1, as US or DE')
  const speeds = speedsFor(country)
  if (speeds !== undefined && !speeds.includes(shippingOption))
    found(
      'shippingOption',
      'speed',
      `${shippingOption} is not offered in ${country}; there it is ${speeds.join(' or ')}`,
      shippingOption,
      country,
      speeds.join(', '),
    )
  if (isAbroad(region, country))
    found(
      'address.country',
      'abroad',
      `${country} is not where devices of ${region} may be used: order in a Region of that country, into a bucket there`,
      country,
      region,
    )
  for (const line of ['street1', 'street2'] as const)
    if (postBox.test(address[line] ?? ''))
      found(`address.${line}`, 'post-box', 'devices are not delivered to a PO box: give the address of the goods entrance')
  if (address.phoneNumber.replaceAll(/\D/g, '').length < 7)
    found('address.phoneNumber', 'phone', 'must be a number by which the carrier reaches somebody at the door')
  if (address.postalCode.trim() === '') found('address.postalCode', 'postal-code', 'is empty')
  return problems
}
