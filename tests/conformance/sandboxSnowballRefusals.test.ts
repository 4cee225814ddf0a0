import {
  CancelJobCommand,
  CreateAddressCommand,
  CreateClusterCommand,
  CreateJobCommand,
  CreateReturnShippingLabelCommand,
  DescribeAddressCommand,
  DescribeAddressesCommand,
  DescribeJobCommand,
  DescribeReturnShippingLabelCommand,
  GetJobManifestCommand,
  GetJobUnlockCodeCommand,
  ListClustersCommand,
  ListCompatibleImagesCommand,
  ListJobsCommand,
  paginateListJobs,
  SnowballClient,
  UpdateJobCommand,
  UpdateJobShipmentStateCommand,
} from '@aws-sdk/client-snowball'
import { afterEach, expect, test } from 'vitest'
import { address, bucket, jobOrder, openSite, type OrderChange, type Site } from '../kit/sandboxControl.ts'

let site: Site
afterEach(async () => {
  await site.end()
})

/** Real time: a job stays New for hours. */
const slow = { speed: 1, account: { deviceLimit: 10 } }

test.each<[string, OrderChange, string]>([
  ['a key alias instead of a key', { KmsKeyARN: 'arn:aws:kms:us-east-1:111122223333:alias/pacs' }, 'ValidationException'],
  ['something that is no role', { RoleARN: 'arn:aws:iam::111122223333:user/joe' }, 'ValidationException'],
  ['an address nobody has entered', { AddressId: 'ADID1234ab12-3eec-4eb3-9be6-9374c10eb51b' }, 'InvalidResourceException'],
  ['an address id of the wrong form', { AddressId: 'ADID1' }, 'ValidationException'],
  ['a device that is no longer made', { SnowballType: 'EDGE', SnowballCapacityPreference: 'T100' }, 'InvalidInputCombinationException'],
  ['a capacity of another device', { SnowballCapacityPreference: 'T80' }, 'InvalidInputCombinationException'],
  ['a European speed for an American address', { ShippingOption: 'EXPRESS' }, 'InvalidInputCombinationException'],
  ['no bucket', { Resources: { S3Resources: [] } }, 'InvalidInputCombinationException'],
  ['a bucket that does not exist', { Resources: { S3Resources: [{ BucketArn: 'arn:aws:s3:::elsewhere' }] } }, 'InvalidResourceException'],
  ['an export', { JobType: 'EXPORT' }, 'InvalidInputCombinationException'],
  ['no role', { RoleARN: undefined }, 'InvalidInputCombinationException'],
  ['a description beyond 1,024 characters', { Description: 'x'.repeat(1025) }, 'ValidationException'],
  [
    'NFS without its settings',
    {
      Resources: {
        S3Resources: [{ BucketArn: `arn:aws:s3:::${bucket}`, TargetOnDeviceServices: [{ ServiceName: 'NFS_ON_DEVICE_SERVICE' }] }],
      },
    },
    'InvalidInputCombinationException',
  ],
])('an order with %s is refused', async (_what, change, error) => {
  site = await openSite(slow)
  await expect(site.order(change)).rejects.toMatchObject({ name: error, $metadata: { httpStatusCode: 400 } })
})

test('an incomplete address and a PO box are refused; a good one can be read again', async () => {
  site = await openSite(slow)
  const { Street1: _, ...incomplete } = address
  await expect(site.snowball.send(new CreateAddressCommand({ Address: incomplete }))).rejects.toMatchObject({
    name: 'InvalidAddressException',
  })
  const box = new CreateAddressCommand({ Address: { ...address, Street1: 'P.O. Box 12' } })
  await expect(site.snowball.send(box)).rejects.toMatchObject({ name: 'UnsupportedAddressException' })
  const { AddressId } = await site.snowball.send(new CreateAddressCommand({ Address: address }))
  expect((await site.snowball.send(new DescribeAddressCommand({ AddressId }))).Address).toEqual({ ...address, AddressId })
  expect((await site.snowball.send(new DescribeAddressesCommand({ MaxResults: 1 }))).Addresses).toHaveLength(1)
})

test('a new job can be changed and cancelled, and tells nobody its unlock code', async () => {
  site = await openSite(slow)
  const JobId = await site.order()
  await expect(site.snowball.send(new GetJobUnlockCodeCommand({ JobId }))).rejects.toMatchObject({ name: 'InvalidJobStateException' })
  await expect(site.snowball.send(new GetJobManifestCommand({ JobId }))).rejects.toMatchObject({ name: 'InvalidJobStateException' })
  await site.snowball.send(new UpdateJobCommand({ JobId, Description: 'wave 2' }))
  expect((await site.snowball.send(new DescribeJobCommand({ JobId }))).JobMetadata).toMatchObject({
    Description: 'wave 2',
    JobState: 'New',
  })
  await site.snowball.send(new CancelJobCommand({ JobId }))
  await expect(site.snowball.send(new CancelJobCommand({ JobId }))).rejects.toMatchObject({ name: 'InvalidJobStateException' })
  expect((await site.snowball.send(new DescribeJobCommand({ JobId }))).JobMetadata?.JobState).toBe('Cancelled')
})

test('a job that left New can be neither changed nor cancelled', async () => {
  site = await openSite()
  const JobId = await site.order()
  await site.until(JobId, 'WithCustomer')
  await expect(site.snowball.send(new CancelJobCommand({ JobId }))).rejects.toMatchObject({ name: 'InvalidJobStateException' })
  await expect(site.snowball.send(new UpdateJobCommand({ JobId, Description: 'x' }))).rejects.toMatchObject({
    name: 'InvalidJobStateException',
  })
  await site.snowball.send(new UpdateJobShipmentStateCommand({ JobId, ShipmentState: 'RECEIVED' }))
  expect((await site.snowball.send(new CreateReturnShippingLabelCommand({ JobId }))).Status).toBe('InProgress')
  await expect(site.snowball.send(new CreateReturnShippingLabelCommand({ JobId }))).rejects.toMatchObject({
    name: 'ReturnShippingLabelAlreadyExistsException',
  })
  const label = await site.snowball.send(new DescribeReturnShippingLabelCommand({ JobId }))
  expect(label.Status).toBe('Succeeded')
  expect((await fetch(label.ReturnShippingLabelURI ?? '')).status).toBe(200)
})

test('the device limit, a closed account and the end of support refuse an order, each in its own words', async () => {
  site = await openSite({ speed: 1 })
  await site.order()
  await expect(site.order()).rejects.toMatchObject({ name: 'ClusterLimitExceededException' })
  await site.restart({ account: { closed: true } })
  await expect(site.order()).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('existing customers') as string,
  })
  await site.restart({ account: { supportEnded: true } })
  await expect(site.order()).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('no longer available') as string,
  })
})

test('jobs are listed in pages, and a token nobody gave out is refused', async () => {
  site = await openSite(slow)
  const ordered: string[] = []
  for (let at = 0; at < 5; at += 1) ordered.push(await site.order({ Description: `wave ${at}` }))
  const pages: (string | undefined)[][] = []
  for await (const page of paginateListJobs({ client: site.snowball, pageSize: 2 }, {}))
    pages.push((page.JobListEntries ?? []).map((entry) => entry.JobId))
  expect(pages.map((page) => page.length)).toEqual([2, 2, 1])
  expect(pages.flat()).toEqual(ordered)
  await expect(site.snowball.send(new ListJobsCommand({ NextToken: 'forged' }))).rejects.toMatchObject({
    name: 'InvalidNextTokenException',
  })
  await expect(site.snowball.send(new ListJobsCommand({ MaxResults: 101 }))).rejects.toMatchObject({ name: 'ValidationException' })
})

test('clusters, images and unknown jobs are answered as an account without them would be', async () => {
  site = await openSite(slow)
  expect((await site.snowball.send(new ListClustersCommand({}))).ClusterListEntries).toEqual([])
  expect((await site.snowball.send(new ListCompatibleImagesCommand({}))).CompatibleImages).toEqual([])
  const cluster = new CreateClusterCommand({ JobType: 'LOCAL_USE', AddressId: 'ADID', SnowballType: 'V3_5C', ShippingOption: 'STANDARD' })
  await expect(site.snowball.send(cluster)).rejects.toMatchObject({ name: 'UnknownOperationException' })
  const unknown = new DescribeJobCommand({ JobId: 'JID123e4567-e89b-12d3-a456-426655440000' })
  await expect(site.snowball.send(unknown)).rejects.toMatchObject({ name: 'InvalidResourceException', ResourceType: 'Job' })
})

test('a wrong secret, an unknown key and a caller who speaks CBOR are refused', async () => {
  site = await openSite(slow)
  const { cloud, region, accessKeyId } = site.sandbox.endpoints
  const as = (credentials: { accessKeyId: string; secretAccessKey: string }) =>
    new SnowballClient({ endpoint: cloud, region, credentials, maxAttempts: 1 })
  const list = new ListJobsCommand({})
  await expect(as({ accessKeyId, secretAccessKey: 'wrong' }).send(list)).rejects.toMatchObject({ name: 'InvalidSignatureException' })
  await expect(as({ accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' }).send(list)).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
  })
  const cbor = await fetch(`${cloud}/service/AWSIESnowballJobManagementService/operation/ListJobs`, {
    method: 'POST',
    headers: { 'smithy-protocol': 'rpc-v2-cbor' },
    body: 'x',
  })
  expect(cbor.status).toBe(415)
})

test('planned faults come where the plan says, and go on counting after a restart', async () => {
  const throttled = { kind: 'status', status: 400, code: 'ThrottlingException' }
  site = await openSite({
    ...slow,
    faultPlan: {
      calls: [
        { service: 'snowball', operation: 'ListJobs', nth: 3, effect: throttled },
        { service: 'snowball', operation: 'GetSnowballUsage', nth: 1, effect: { kind: 'reset' } },
      ],
    },
  })
  const list = () => site.snowball.send(new ListJobsCommand({}))
  await list()
  await list()
  await site.restart()
  await expect(list()).rejects.toMatchObject({ name: 'ThrottlingException' })
  await list()
  await expect(site.snowball.send(new CreateJobCommand(jobOrder))).rejects.toMatchObject({ name: 'InvalidInputCombinationException' })
})
