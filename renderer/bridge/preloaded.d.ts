/** The desktop's bridge: what its preload script put on the window. An AbortSignal cannot cross from page to preload script, a function can. */
import type { Transport } from './transport.ts';
export type Preloaded = Omit<Transport, 'call'> & {
    /** `onAbort` is called at once with what to call when the answer is no longer wanted. */
    call(name: string, input: unknown, onAbort?: (cancel: () => void) => void): Promise<unknown>;
};
export declare function overPreload(bridge: Preloaded): Transport;
