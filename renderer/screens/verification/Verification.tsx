/** Verification: what is proven, and what is not and why. */
export function Verification({ itemId }: { readonly itemId?: number | undefined }) {
  return <p>{itemId}</p>
}
