/** What AWS would refuse is said before it is ordered, field by field. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { orderProblems, speedsFor, type OrderSettings } from '../../shared/domain/orderRules.ts'

const good: OrderSettings = {
  roleArn: 'arn:aws:iam::111122223333:role/SnowballImportRole',
  kmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/abcd1234-12ab-34cd-56ef-123456123456',
  notifyTopicArn: 'arn:aws:sns:us-east-1:111122223333:snow',
  shippingOption: 'SECOND_DAY',
  address: { street1: '123 Main Street', postalCode: '98101', country: 'US', phoneNumber: '425-555-5555' },
}
const at = (change: Partial<OrderSettings>, region = 'us-east-1'): string[] =>
  orderProblems({ ...good, ...change }, region).map(({ field, problem }) => `${field}: ${problem}`)
const address = (change: Partial<OrderSettings['address']>, more: Partial<OrderSettings> = {}, region?: string): string[] =>
  at({ ...more, address: { ...good.address, ...change } }, region)

describe('the settings of an order', () => {
  test('are fit when role, key, topic, shipping and address are', () => {
    expect(at({})).toEqual([])
    expect(at({ kmsKeyArn: undefined, notifyTopicArn: undefined })).toEqual([])
  })

  test.each(['alias/phi', 'arn:aws:kms:us-east-1:111122223333:alias/phi'])('name a key, not the alias %s', (kmsKeyArn) => {
    expect(at({ kmsKeyArn })).toEqual([expect.stringMatching(/^kmsKeyArn: is an alias/)])
  })

  test('name a key of the same Region and account', () => {
    expect(at({ kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/abcd' })).toEqual([expect.stringContaining('in eu-west-1')])
    expect(at({ kmsKeyArn: 'arn:aws:kms:us-east-1:444455556666:key/abcd' })).toEqual([expect.stringContaining('444455556666')])
    expect(at({ kmsKeyArn: 'abcd1234' })).toEqual([expect.stringContaining('must be the ARN of a key')])
  })

  test('name a role and a topic by their ARNs', () => {
    expect(at({ roleArn: 'SnowballImportRole' })).toEqual([expect.stringMatching(/^roleArn:/)])
    expect(at({ roleArn: `arn:aws:iam::111122223333:role/${'a'.repeat(256)}` })).toEqual([expect.stringMatching(/^roleArn:/)])
    expect(at({ notifyTopicArn: 'snow' })).toEqual([expect.stringMatching(/^notifyTopicArn:/)])
    expect(at({ notifyTopicArn: 'arn:aws:sns:eu-west-1:111122223333:snow' })).toEqual([expect.stringContaining('in eu-west-1')])
  })

  test('ask for a speed that the country has', () => {
    expect(at({ shippingOption: 'EXPRESS' })).toEqual(['shippingOption: EXPRESS is not offered in US; there it is SECOND_DAY or NEXT_DAY'])
    const german = { kmsKeyArn: undefined, notifyTopicArn: undefined }
    expect(address({ country: 'DE' }, { ...german, shippingOption: 'STANDARD' }, 'eu-central-1')).toEqual([])
    expect(address({ country: 'DE' }, { ...german, shippingOption: 'NEXT_DAY' }, 'eu-central-1')).toHaveLength(1)
    // Where AWS's pages name no speeds, AWS's own answer decides.
    expect(speedsFor('JP')).toBeUndefined()
    expect(address({ country: 'JP' }, { ...german, shippingOption: 'STANDARD' }, 'ap-northeast-1')).toEqual([])
  })

  test('ship nowhere abroad, but within the EU', () => {
    const bare = { kmsKeyArn: undefined, notifyTopicArn: undefined, shippingOption: 'STANDARD' }
    expect(address({ country: 'DE' }, bare, 'us-east-1')).toEqual([expect.stringContaining('order in a Region of that country')])
    expect(address({ country: 'AT' }, bare, 'eu-central-1')).toEqual([])
    expect(address({ country: 'GB' }, bare, 'eu-central-1')).toHaveLength(1)
    expect(address({ country: 'GB' }, bare, 'eu-west-2')).toEqual([])
  })

  test('lead to a door, not to a PO box, with somebody who answers the telephone', () => {
    expect(address({ street1: 'P.O. Box 12' })).toEqual([expect.stringMatching(/^address.street1: .*PO box/)])
    expect(address({ street2: 'Postfach 3' })).toEqual([expect.stringMatching(/^address.street2:/)])
    expect(address({ street1: '12 Poboxer Lane' })).toEqual([])
    expect(address({ phoneNumber: 'ext. 12' })).toEqual([expect.stringMatching(/^address.phoneNumber:/)])
    expect(address({ country: 'usa' })).toEqual([expect.stringMatching(/^address.country:/)])
  })

  test('name each field that is wrong, whatever is written there', () => {
    const anything = fc.record({ roleArn: fc.string(), kmsKeyArn: fc.string(), notifyTopicArn: fc.string(), shippingOption: fc.string() })
    fc.assert(
      fc.property(anything, (change) => {
        const fields = orderProblems({ ...good, ...change }, 'us-east-1').map(({ field }) => field)
        expect(fields).toEqual(expect.arrayContaining(['roleArn', 'kmsKeyArn', 'notifyTopicArn', 'shippingOption']))
      }),
    )
  })
})
