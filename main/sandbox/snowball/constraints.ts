/** What the Snowball API demands of each field (AWS Snowball API 2016-06-30, CreateJob and Address), and which fields go together. */
import { z } from 'zod'
import { S3Error } from '../contract.ts'

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const pattern = (source: string) => z.string().regex(new RegExp(`^(?:${source})$`), `regular expression pattern: ${source}`)
const shortText = z.string().min(1).max(1024)

export const jobId = pattern(`(M|J)ID${uuid}`)
export const addressId = pattern(`ADID${uuid}`)
export const clusterId = pattern(`CID${uuid}`)
const jobType = z.enum(['IMPORT', 'EXPORT', 'LOCAL_USE'])
const snowballType = z.enum(['STANDARD', 'EDGE', 'EDGE_C', 'EDGE_CG', 'EDGE_S', 'SNC1_HDD', 'SNC1_SSD', 'V3_5C', 'V3_5S', 'RACK_5U_C'])
const capacity = z.enum(['T50', 'T80', 'T100', 'T42', 'T98', 'T8', 'T14', 'T32', 'NoPreference', 'T240', 'T13'])
export const shippingOption = z.enum(['SECOND_DAY', 'NEXT_DAY', 'EXPRESS', 'STANDARD'])
const jobState = z.enum([
  'New',
  'PreparingAppliance',
  'PreparingShipment',
  'InTransitToCustomer',
  'WithCustomer',
  'InTransitToAWS',
  'WithAWSSortingFacility',
  'WithAWS',
  'InProgress',
  'Complete',
  'Cancelled',
  'Listing',
  'Pending',
])
const storageUnit = z.literal('TB')
const snsTopic = pattern('arn:aws.*:sns:.*:[0-9]{12}:.*').max(255)

const resources = z.object({
  S3Resources: z
    .array(
      z.object({
        BucketArn: pattern('arn:aws.*:s3:.*:.*').max(255).optional(),
        KeyRange: z.object({ BeginMarker: z.string().max(1024).optional(), EndMarker: z.string().max(1024).optional() }).optional(),
        TargetOnDeviceServices: z
          .array(
            z.object({
              ServiceName: z.enum(['NFS_ON_DEVICE_SERVICE', 'S3_ON_DEVICE_SERVICE']).optional(),
              TransferOption: jobType.optional(),
            }),
          )
          .optional(),
      }),
    )
    .optional(),
  LambdaResources: z
    .array(z.object({ LambdaArn: z.string().max(255).optional(), EventTriggers: z.array(z.unknown()).optional() }))
    .optional(),
  Ec2AmiResources: z
    .array(z.object({ AmiId: pattern('ami-[0-9a-f]{8}|ami-[0-9a-f]{17}'), SnowballAmiId: z.string().optional() }))
    .max(10)
    .optional(),
})

const jobFields = z.object({
  Resources: resources.optional(),
  OnDeviceServiceConfiguration: z
    .object({
      NFSOnDeviceService: z.object({ StorageLimit: z.number().int().min(0).optional(), StorageUnit: storageUnit.optional() }).optional(),
      TGWOnDeviceService: z.object({ StorageLimit: z.number().int().min(0).optional(), StorageUnit: storageUnit.optional() }).optional(),
      EKSOnDeviceService: z.object({ KubernetesVersion: shortText.optional(), EKSAnywhereVersion: shortText.optional() }).optional(),
      S3OnDeviceService: z
        .object({
          StorageLimit: z.number().min(0).optional(),
          StorageUnit: storageUnit.optional(),
          ServiceSize: z.number().int().min(3).max(16).optional(),
          FaultTolerance: z.number().int().min(1).max(4).optional(),
        })
        .optional(),
    })
    .optional(),
  Description: shortText.optional(),
  AddressId: addressId.optional(),
  RoleARN: pattern('arn:aws.*:iam::[0-9]{12}:role/.*').max(255).optional(),
  SnowballCapacityPreference: capacity.optional(),
  ShippingOption: shippingOption.optional(),
  Notification: z
    .object({
      SnsTopicARN: snsTopic.optional(),
      JobStatesToNotify: z.array(jobState).optional(),
      NotifyAll: z.boolean().optional(),
      DevicePickupSnsTopicARN: snsTopic.optional(),
    })
    .optional(),
  ForwardingAddressId: addressId.optional(),
  PickupDetails: z
    .object({
      Name: shortText.optional(),
      PhoneNumber: z.string().min(7).max(30).optional(),
      Email: pattern('[^\\s@]+@[^\\s@]+').min(3).max(320).optional(),
      IdentificationNumber: shortText.optional(),
      IdentificationExpirationDate: z.number().optional(),
      IdentificationIssuingOrg: shortText.optional(),
      DevicePickupId: pattern(`DPID${uuid}`).optional(),
    })
    .optional(),
})

export const createJob = jobFields.extend({
  JobType: jobType.optional(),
  KmsKeyARN: pattern('arn:aws.*:kms:.*:[0-9]{12}:key/.*').max(255).optional(),
  ClusterId: clusterId.optional(),
  SnowballType: snowballType.optional(),
  TaxDocuments: z
    .object({ IND: z.object({ GSTIN: pattern('\\d{2}[A-Z]{5}\\d{4}[A-Z]{1}[A-Z\\d]{1}[Z]{1}[A-Z\\d]{1}').optional() }).optional() })
    .optional(),
  DeviceConfiguration: z
    .object({
      SnowconeDeviceConfiguration: z
        .object({ WirelessConnection: z.object({ IsWifiEnabled: z.boolean().optional() }).optional() })
        .optional(),
    })
    .optional(),
  RemoteManagement: z.enum(['INSTALLED_ONLY', 'INSTALLED_AUTOSTART', 'NOT_INSTALLED']).optional(),
  LongTermPricingId: pattern(`LTPID${uuid}`).optional(),
  ImpactLevel: z.enum(['IL2', 'IL4', 'IL5', 'IL6', 'IL99']).optional(),
})
export type CreateJob = z.output<typeof createJob>

export const updateJob = jobFields.extend({ JobId: jobId })
export type UpdateJob = z.output<typeof updateJob>

export const address = z.object({
  AddressId: z.string().optional(),
  Name: shortText.optional(),
  Company: shortText.optional(),
  Street1: shortText.optional(),
  Street2: shortText.optional(),
  Street3: shortText.optional(),
  City: shortText.optional(),
  StateOrProvince: shortText.optional(),
  PrefectureOrDistrict: shortText.optional(),
  Landmark: shortText.optional(),
  Country: shortText.optional(),
  PostalCode: shortText.optional(),
  PhoneNumber: shortText.optional(),
  IsRestricted: z.boolean().optional(),
  Type: z.enum(['CUST_PICKUP', 'AWS_SHIP']).optional(),
})
export type Address = z.output<typeof address>

const europe = 'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE GB UK'.split(' ')

/** Speeds that a country has; `undefined` where AWS's pages name none. */
function speedsFor(country: string): readonly string[] | undefined {
  if (['US', 'USA', 'CA', 'CAN'].includes(country)) return ['NEXT_DAY', 'SECOND_DAY']
  return europe.includes(country) ? ['EXPRESS', 'STANDARD'] : undefined
}

/** @throws S3Error InvalidAddressException: a person could not deliver there. */
export function judgeAddress(one: Address): void {
  const missing = (['Name', 'Street1', 'City', 'Country', 'PostalCode', 'PhoneNumber'] as const).filter(
    (member) => one[member] === undefined,
  )
  if (missing.length > 0) throw new S3Error('InvalidAddressException', 400, `The address lacks ${missing.join(', ')}.`)
  if (/\bp\.?\s?o\.?\s?box\b/i.test([one.Street1, one.Street2, one.Street3].join(' '))) {
    throw new S3Error('UnsupportedAddressException', 400, 'Devices are not shipped to a PO box.')
  }
}

/**
 * Fields that do not go together in an import job for a device that can still be ordered.
 * @throws S3Error InvalidInputCombinationException.
 */
export function judgeCombination(job: CreateJob, country: string | undefined): void {
  if (job.JobType === undefined) throw combination('JobType is required.')
  if (job.JobType !== 'IMPORT') throw combination(`The sandbox simulates import jobs, not ${job.JobType}.`)
  if (job.AddressId === undefined) throw combination('AddressId is required.')
  if (job.RoleARN === undefined) throw combination('RoleARN is required for an import job.')
  if (job.ShippingOption === undefined) throw combination('ShippingOption is required.')
  const capacities: Readonly<Record<string, string>> = { V3_5S: 'T240', V3_5C: 'T32' }
  const fits = job.SnowballType === undefined ? undefined : capacities[job.SnowballType]
  if (fits === undefined) throw combination(`Devices of type ${job.SnowballType ?? '(none given)'} cannot be ordered any more.`)
  if (job.SnowballCapacityPreference !== undefined && ![fits, 'NoPreference'].includes(job.SnowballCapacityPreference)) {
    throw combination(`A ${job.SnowballType ?? ''} has capacity ${fits}, not ${job.SnowballCapacityPreference}.`)
  }
  const speeds = country === undefined ? undefined : speedsFor(country.toUpperCase())
  if (speeds !== undefined && !speeds.includes(job.ShippingOption)) {
    throw combination(`The country of the address has the shipping options ${speeds.join(' and ')}.`)
  }
  const buckets = job.Resources?.S3Resources ?? []
  if (buckets.length === 0) throw combination('An import job names at least one bucket.')
  const services = new Set(buckets.flatMap((bucket) => (bucket.TargetOnDeviceServices ?? []).map((target) => target.ServiceName)))
  if (services.size > 1) throw combination('A device offers NFS or S3 for the transfer, not both.')
  if (buckets.some((bucket) => (bucket.TargetOnDeviceServices ?? []).some((target) => (target.TransferOption ?? 'IMPORT') !== 'IMPORT'))) {
    throw combination('The transfer option of an import job is IMPORT.')
  }
  const configured = job.OnDeviceServiceConfiguration
  if (services.has('NFS_ON_DEVICE_SERVICE') && configured?.NFSOnDeviceService === undefined) {
    throw combination('NFS_ON_DEVICE_SERVICE needs OnDeviceServiceConfiguration.NFSOnDeviceService.')
  }
  if (configured?.TGWOnDeviceService !== undefined) throw combination('Tape Gateway on a device is no longer available.')
  if (job.DeviceConfiguration?.SnowconeDeviceConfiguration !== undefined) throw combination('Snowcone cannot be ordered any more.')
}

function combination(message: string): S3Error {
  return new S3Error('InvalidInputCombinationException', 400, message)
}
