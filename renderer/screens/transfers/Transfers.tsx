/** Transfers: what moves, what waits, what failed, and how fast it may go. */
export function Transfers() {
  return <p />
}
