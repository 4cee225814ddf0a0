/** What every answer carries: nothing may be framed, guessed, kept, or loaded from elsewhere. */

export const screensPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

/** For pages that need nothing but their words. */
export const barePolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

/** A report brings one style sheet of its own and nothing else: that one, by its hash. */
export function reportPolicy(styleHash: string | undefined): string {
  return styleHash === undefined ? barePolicy : `${barePolicy}; style-src 'sha256-${styleHash}'`
}

export function headersWith(policy: string, type: string, length: number): Record<string, string | number> {
  return {
    'content-type': type,
    'content-length': length,
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), usb=(), serial=(), payment=()',
  }
}
