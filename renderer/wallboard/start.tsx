/** The wallboard's page. */
export {}
