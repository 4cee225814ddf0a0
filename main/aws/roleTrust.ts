/** The trust policy of a role, asked of IAM. AWS IAM API Reference 2010-05-08, GetRole. */
import { GetRoleCommand, type IAMClient } from '@aws-sdk/client-iam'
import type { World } from '../../shared/ports/world.ts'
import { awsErrorName } from './errors.ts'
import { brisk, retrying } from './retrying.ts'

export type RoleTrust = { readonly kind: 'document'; readonly document: string } | { readonly kind: 'no such role' }

/** @throws Fault aws-denied with the permission, and others as any call. */
export async function roleTrust(
  { iam, world }: { readonly iam: IAMClient; readonly world: World },
  roleArn: string,
  signal: AbortSignal,
): Promise<RoleTrust> {
  // A role's path stands before its name, and IAM wants the name alone.
  const RoleName = roleArn.slice(roleArn.lastIndexOf('/') + 1)
  return retrying(
    'iam:GetRole',
    signal,
    world,
    async (abortSignal) => {
      try {
        const { Role } = await iam.send(new GetRoleCommand({ RoleName }), { abortSignal })
        // One of the same name in another path or account is another role.
        if (Role === undefined || Role.Arn !== roleArn) return { kind: 'no such role' }
        return { kind: 'document', document: decodeURIComponent(Role.AssumeRolePolicyDocument ?? '') }
      } catch (error) {
        if (awsErrorName(error) === 'NoSuchEntityException' || awsErrorName(error) === 'NoSuchEntity') return { kind: 'no such role' }
        throw error
      }
    },
    brisk,
  )
}
