/** Firn's own mark. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="20" height="20" aria-hidden="true">
      <path d="M2 26 12.5 6l4.9 9L21 9.5 30 26z" fill="#dff1ff" />
      <path d="M7 26 12.8 15 19 26z" fill="#7fb9e6" />
      <path d="M2 26h28v1.2a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2z" fill="#4a9ad8" />
    </svg>
  )
}
