/** Questions and acts for components, over TanStack Query: one key per call and input. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient, type UseQueryOptions } from '@tanstack/react-query'
import type { Answer, CallName, Input } from '../../shared/contract/bridge.ts'
import type { Fault } from '../../shared/faults/fault.ts'
import { ask } from './bridge.ts'

type Options<Name extends CallName> = Pick<
  UseQueryOptions<Answer<Name>, Fault>,
  'enabled' | 'refetchInterval' | 'staleTime' | 'placeholderData'
>

export function useAnswer<Name extends CallName>(name: Name, input: Input<Name>, options: Options<Name> = {}) {
  return useQuery<Answer<Name>, Fault>({ queryKey: [name, input], queryFn: ({ signal }) => ask(name, input, signal), ...options })
}

/** Something that is done. What it may have changed (names of calls) is asked for again. */
export function useAct<Name extends CallName>(
  name: Name,
  options: { readonly changes?: readonly CallName[]; readonly onDone?: (answer: Answer<Name>) => void } = {},
) {
  const client = useQueryClient()
  return useMutation<Answer<Name>, Fault, Input<Name>>({
    mutationFn: (input) => ask(name, input),
    async onSuccess(answer) {
      options.onDone?.(answer)
      await Promise.all((options.changes ?? []).map((changed) => client.invalidateQueries({ queryKey: [changed] })))
    },
  })
}

type Page = { readonly rows: readonly unknown[]; readonly next: string | null }
type PagedCall = { [Name in CallName]: Answer<Name> extends Page ? Name : never }[CallName]

/** Keyset pages, one after the other. */
export function usePages<Name extends PagedCall>(
  name: Name,
  input: Omit<Input<Name>, 'after'>,
  options: { readonly enabled?: boolean } = {},
) {
  return useInfiniteQuery({
    queryKey: [name, input],
    queryFn: ({ pageParam, signal }) => ask(name, { ...input, after: pageParam } as Input<Name>, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last: Answer<Name>) => (last as Page).next,
    ...options,
  })
}
